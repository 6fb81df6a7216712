// @ts-check
/// <reference lib="dom" />
/** @import { MessageRow } from "../state/timeline.js" */
import { element, icon } from "./dom.js";

/**
 * What can be done to a message: the name of the button, the key while the message has the focus, and a drawing.
 *
 * @typedef {"React" | "Reply" | "Copy text" | "Edit" | "Delete"} ActionName
 * @typedef {{ readonly name: ActionName, readonly key: string, readonly path: string }} Action
 */

/** @type {readonly Action[]} */
export const ACTIONS = [
  {
    name: "React",
    key: "+",
    path: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14M7 11.5c1.4 2.2 4.6 2.2 6 0M7.6 8v.3M12.4 8v.3",
  },
  { name: "Reply", key: "r", path: "M8.5 5 4 9.5 8.5 14M4 9.5h7c3 0 5 2 5 5.5" },
  {
    name: "Copy text",
    key: "c",
    path: "M7.5 7.5h8v8h-8zM12.5 7.5v-3h-8v8h3",
  },
  { name: "Edit", key: "e", path: "M4 16l.8-3.4L13.2 4.2l2.6 2.6-8.4 8.4zM11.6 5.8l2.6 2.6" },
  {
    name: "Delete",
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
  if (name === "Copy text") return true;
  if (name === "React" || name === "Reply") return id !== undefined;
  return name === "Edit" ? mine : removable && state !== "failed";
}

/** The buttons of a message. They are there for all, and show for those who point at the message or have the focus in it. */
export class ActionsBar {
  /** @type {Map<ActionName, HTMLButtonElement>} */
  #buttons = new Map();

  /** @param {(name: ActionName, button: HTMLElement) => void} onAct */
  constructor(onAct) {
    for (const { name, key, path } of ACTIONS) {
      const button = element(
        "button",
        {
          type: "button",
          class: "icon",
          tabindex: "-1",
          "aria-label": name,
          "aria-keyshortcuts": key,
          title: `${name} (${key})`,
          click: () => onAct(name, button),
        },
        icon(path),
      );
      this.#buttons.set(name, button);
    }
    // A screen reader that reads new messages out leaves the buttons out.
    this.element = element(
      "div",
      { class: "actions", role: "group", "aria-label": "Actions", "aria-live": "off" },
      ...this.#buttons.values(),
    );
  }

  /** @param {MessageRow} row */
  update(row) {
    for (const [name, button] of this.#buttons) button.hidden = !isPossible(name, row);
    this.element.hidden = [...this.#buttons.values()].every(({ hidden }) => hidden);
  }
}
