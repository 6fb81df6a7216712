// @ts-check
/// <reference lib="dom" />
import { t } from "../strings.js";
import { ACTIONS } from "./actions_bar.js";
import { byId, element } from "./dom.js";

const MAC = /Mac|iP(hone|ad)/.test(navigator.platform);
/** What the key is called that goes with letters to make them commands. */
const COMMAND = MAC ? "⌘" : t.keys.control;
const OPTION = MAC ? "⌥" : t.keys.alt;

/**
 * All keys of the page: where they work, each with what it does.
 *
 * @type {readonly (readonly [title: string, keys: readonly (readonly [keys: readonly string[], does: string])[]])[]}
 */
const KEYS = [
  [t.keys.everywhere, [
    [[COMMAND, "K"], t.keys.goTo],
    [[OPTION, "↑"], t.keys.roomAbove],
    [[OPTION, "↓"], t.keys.roomBelow],
    [["/"], t.search.field],
    [[COMMAND, t.keys.shift, "F"], t.keys.searchWriting],
    [["?"], t.keys.help],
  ]],
  [t.keys.writing, [
    [[t.keys.enter], t.composer.send],
    [[t.keys.shift, t.keys.enter], t.keys.newLine],
    [["↑"], t.keys.editLast],
    [["@"], t.keys.mention],
    [[":"], t.keys.emoji],
    [[t.keys.escape], t.keys.cancel],
  ]],
  [t.keys.onMessage, [
    [["↑"], t.keys.messageAbove],
    [["↓"], t.keys.messageBelow],
    [[t.keys.home], t.keys.first],
    [[t.keys.end], t.keys.newest],
    ...ACTIONS.map((
      { key, name },
    ) => /** @type {const} */ ([
      [key === "Delete" ? t.keys.delete : key.toUpperCase()],
      t.actions[name],
    ])),
    [[t.keys.escape], t.keys.back],
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
