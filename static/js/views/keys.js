// @ts-check
/// <reference lib="dom" />
import { ACTIONS } from "./actions_bar.js";
import { t } from "../strings.js";
import { byId, element } from "./dom.js";

const MAC = /Mac|iP(hone|ad)/.test(navigator.platform);
/** What the key is called that goes with letters to make them commands. */
const COMMAND = MAC ? "⌘" : "Ctrl";
const OPTION = MAC ? "⌥" : "Alt";

/**
 * All keys of the page: where they work, each with what it does.
 *
 * @type {readonly (readonly [title: string, keys: readonly (readonly [keys: readonly string[], does: string])[]])[]}
 */
const KEYS = [
  [t.keys.everywhere, [
    [[COMMAND, "K"], t.keys.goTo],
    [[OPTION, "↑"], t.keys.above],
    [[OPTION, "↓"], t.keys.below],
    [["/"], t.keys.search],
    [[COMMAND, "Shift", "F"], t.keys.searchAnywhere],
    [["?"], t.keys.show],
  ]],
  [t.keys.writing, [
    [["Enter"], t.keys.send],
    [["Shift", "Enter"], t.keys.newLine],
    [["↑"], t.keys.editLast],
    [["@"], t.keys.mention],
    [[":"], t.keys.emoji],
    [["Escape"], t.keys.cancel],
  ]],
  [t.keys.onMessage, [
    [["↑"], t.keys.messageAbove],
    [["↓"], t.keys.messageBelow],
    [["Home"], t.keys.first],
    [["End"], t.keys.newest],
    ...ACTIONS.map((
      { key, name },
    ) => /** @type {const} */ ([[key.length === 1 ? key.toUpperCase() : key], t.actions[name]])),
    [["Escape"], t.keys.back],
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
      element("h2", { id: "keys-title" }, t.keys.title),
      element(
        "button",
        { type: "button", class: "quiet", click: () => this.#dialog.close() },
        t.keys.close,
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
