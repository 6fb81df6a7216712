// @ts-check
/// <reference lib="dom" />
import { t } from "../strings.js";

/** What can be said of an element in the page's own text, and the attribute that it becomes. */
const ATTRIBUTES = Object.freeze({
  label: "aria-label",
  title: "title",
  placeholder: "placeholder",
});

/**
 * Puts the texts of the language into what stands in the page already: `data-text`, `data-label`, `data-title` and
 * `data-placeholder` name them, as in `rooms.title`.
 *
 * @param {ParentNode} root
 */
export function localise(root) {
  for (const node of root.querySelectorAll("[data-text]")) {
    if (node instanceof HTMLElement) node.textContent = textAt(node.dataset.text);
  }
  for (const [name, attribute] of Object.entries(ATTRIBUTES)) {
    for (const node of root.querySelectorAll(`[data-${name}]`)) {
      if (node instanceof HTMLElement) node.setAttribute(attribute, textAt(node.dataset[name]));
    }
  }
}

/** @param {string} [path] */
function textAt(path = "") {
  const [group = "", key = ""] = path.split(".");
  const groups = /** @type {Readonly<Record<string, Readonly<Record<string, unknown>>>>} */ (t);
  const text = groups[group]?.[key];
  if (typeof text === "string") return text;
  throw new TypeError(`Cannot find a text "${path}": expected a group and a key of strings/en.js`);
}
