// @ts-check
/// <reference lib="dom" />
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { Part } from "../strings/grammar.js" */
import { hue, initial } from "../format.js";

/** Whether the person has only their fingers: focus then opens a keyboard, and Enter breaks the line. */
export const TOUCH = matchMedia("(hover: none) and (pointer: coarse)");

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element. Functions among the properties listen to events, `true` and `false` set and unset attributes; text
 * among the children stays text.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean | undefined | ((event: Event) => void)>} [properties]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (typeof value === "string") node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/**
 * Makes a drawing of 20 by 20 from the data of its path.
 *
 * @param {string} path
 */
export function icon(path) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 20 20");
  drawing.setAttribute("aria-hidden", "true");
  drawing.append(document.createElementNS(SVG, "path"));
  drawing.firstElementChild?.setAttribute("d", path);
  return drawing;
}

/**
 * The element of the page with this id.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 * @throws {TypeError} if the page has no such element
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new TypeError(`Cannot find a ${type.name} with the id "${id}" in the page`);
}

/**
 * The text of a node, changed only if it is another one: screen readers and selections notice each change.
 *
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * A sentence with people in it. Each name stands apart, whatever the direction of its script.
 *
 * @param {readonly Part[]} parts
 */
export function sentence(parts) {
  return parts.map(({ name, text }) => name ? element("bdi", {}, text) : text);
}

/**
 * The square with a person's first letter in their colour. It is drawn by the style sheet, and is no part of any text.
 *
 * @param {User} user
 */
export function avatar({ id, name }) {
  const square = element("span", {
    class: "avatar",
    "aria-hidden": "true",
    "data-initial": initial(name),
  });
  square.style.setProperty("--hue", String(hue(id)));
  return square;
}
