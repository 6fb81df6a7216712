// @ts-check
/// <reference lib="dom" />
import { t } from "../strings.js";
import { ACTIONS } from "./actions_bar.js";
import { byId, element } from "./dom.js";

const MAC = /Mac|iP(hone|ad)/.test(navigator.platform);
/** What the key is called that goes with letters to make them commands. */
const COMMAND = MAC ? "⌘" : "Ctrl";
const OPTION = MAC ? "⌥" : "Alt";

const TEXT = Object.freeze({ title: "Keyboard shortcuts" });

/**
 * All keys of the page: where they work, each with what it does.
 *
 * @type {readonly (readonly [title: string, keys: readonly (readonly [keys: readonly string[], does: string])[]])[]}
 */
const KEYS = [
  ["Everywhere", [
    [[COMMAND, "K"], "Go to a room or a person"],
    [[OPTION, "↑"], "Room above"],
    [[OPTION, "↓"], "Room below"],
    [["/"], "Search messages"],
    [[COMMAND, "Shift", "F"], "Search messages, also while writing"],
    [["?"], "Show these shortcuts"],
  ]],
  ["Writing", [
    [["Enter"], "Send"],
    [["Shift", "Enter"], "New line"],
    [["↑"], "Edit your last message, if nothing is written"],
    [["@"], "Mention somebody"],
    [[":"], "Emoji by name"],
    [["Escape"], "Cancel an answer or an edit"],
  ]],
  ["On a message", [
    [["↑"], "Message above"],
    [["↓"], "Message below"],
    [["Home"], "First message"],
    [["End"], "Newest message"],
    ...ACTIONS.map((
      { key, name },
    ) => /** @type {const} */ ([[key.length === 1 ? key.toUpperCase() : key], t.actions[name]])),
    [["Escape"], "Back to writing"],
  ]],
];

/** The list of all keys that the page knows. */
export class KeysView {
  #dialog = element(
    "dialog",
    { class: "dialog keys", "aria-labelledby": "keys-title" },
    element(
      "header",
      {},
      element("h2", { id: "keys-title" }, TEXT.title),
      element(
        "button",
        { type: "button", class: "quiet", click: () => this.#dialog.close() },
        t.settings.close,
      ),
    ),
    element("div", { class: "groups" }, ...KEYS.map(([title, keys]) => group(title, keys))),
  );

  constructor() {
    document.body.append(this.#dialog);
    byId("keys", HTMLButtonElement).addEventListener("click", () => this.open());
    this.#dialog.addEventListener("click", ({ target }) => {
      if (target === this.#dialog) this.#dialog.close();
    });
  }

  /** Opens it. */
  open() {
    if (!this.#dialog.open) this.#dialog.showModal();
  }
}

/**
 * @param {string} title
 * @param {readonly (readonly [keys: readonly string[], does: string])[]} keys
 */
function group(title, keys) {
  const rows = keys.map(([combination, does]) =>
    element(
      "div",
      {},
      element("dt", {}, ...combination.map((key) => element("kbd", {}, key))),
      element("dd", {}, does),
    )
  );
  return element("section", {}, element("h3", {}, title), element("dl", {}, ...rows));
}
