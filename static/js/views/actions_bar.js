// @ts-check
/// <reference lib="dom" />
/** @import { MessageRow } from "../state/timeline.js" */
import { t } from "../strings.js";
import { element, icon } from "./dom.js";

/**
 * What can be done to a message: what it is, the key while the message has the focus, and a drawing.
 *
 * @typedef {keyof typeof t.actions} ActionName
 * @typedef {{ readonly name: ActionName, readonly key: string, readonly path: string }} Action
 */

/** @type {readonly Action[]} */
export const ACTIONS = [
  {
    name: "react",
    key: "+",
    path: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14M7 11.5c1.4 2.2 4.6 2.2 6 0M7.6 8v.3M12.4 8v.3",
  },
  { name: "reply", key: "r", path: "M8.5 5 4 9.5 8.5 14M4 9.5h7c3 0 5 2 5 5.5" },
  {
    name: "copyText",
    key: "c",
    path: "M7.5 7.5h8v8h-8zM12.5 7.5v-3h-8v8h3",
  },
  {
    name: "copyLink",
    key: "l",
    path:
      "M8.5 11.5a3 3 0 0 0 4.4.2l2.4-2.4a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.4-.2l-2.4 2.4a3 3 0 0 0 4.3 4.3l1-1",
  },
  { name: "edit", key: "e", path: "M4 16l.8-3.4L13.2 4.2l2.6 2.6-8.4 8.4zM11.6 5.8l2.6 2.6" },
  {
    name: "delete",
    key: "Delete",
    path: "M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6M8.5 9v4.5M11.5 9v4.5",
  },
];

/**
 * Whether something can be done to a message: the server must know what is answered, and what is changed must be the
 * person's own; a moderator may delete what others wrote.
 *
 * @param {ActionName} name
 * @param {MessageRow} row
 */
export function isPossible(name, { id, message, mine, removable, state }) {
  if (message.deleted) return false;
  if (name === "copyText") return true;
  if (name === "edit") return mine;
  if (name === "delete") return removable && state !== "failed";
  return id !== undefined;
}

/** @type {HTMLElement | undefined} all bars are copies of one, which takes a fifth of the time */
let pattern;

/** The buttons of a message. They are there for all, and show for those who point at the message or have the focus in it. */
export class ActionsBar {
  /** @type {Map<ActionName, HTMLButtonElement>} */
  #buttons = new Map();

  /** @param {(name: ActionName, button: HTMLElement) => void} onAct */
  constructor(onAct) {
    this.element = /** @type {HTMLElement} */ ((pattern ??= makeBar()).cloneNode(true));
    const buttons = this.element.querySelectorAll("button");
    for (const [index, { name }] of ACTIONS.entries()) {
      const button = buttons[index];
      if (button) this.#buttons.set(name, button);
    }
    this.element.addEventListener("click", ({ target }) => {
      for (const [name, button] of this.#buttons) {
        if (target instanceof Node && button.contains(target)) onAct(name, button);
      }
    });
  }

  /** @param {MessageRow} row */
  update(row) {
    for (const [name, button] of this.#buttons) button.hidden = !isPossible(name, row);
    this.element.hidden = [...this.#buttons.values()].every(({ hidden }) => hidden);
  }
}

/**
 * @param {ActionName} name
 * @param {string} path
 */
function drawing(name, path) {
  const drawn = icon(path);
  drawn.classList.toggle("directed", name === "reply");
  return drawn;
}

function makeBar() {
  const buttons = ACTIONS.map(({ name, key, path }) =>
    element(
      "button",
      {
        type: "button",
        class: "icon",
        tabindex: "-1",
        "aria-label": t.actions[name],
        "aria-keyshortcuts": key,
        title: `${t.actions[name]} (${key})`,
      },
      drawing(name, path),
    )
  );
  // A screen reader that reads new messages out leaves the buttons out.
  return element(
    "div",
    { class: "actions", role: "group", "aria-label": t.message.actions, "aria-live": "off" },
    ...buttons,
  );
}
