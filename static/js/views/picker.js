// @ts-check
/// <reference lib="dom" />
import { isEmoji } from "../protocol.js";
import { element, setText, TOUCH } from "./dom.js";
import { showBeside } from "./float.js";

/** The reactions that are one click away, and what they are called. */
const COMMON = [
  ["👍", "Thumbs up"],
  ["❤️", "Heart"],
  ["😂", "Tears of joy"],
  ["🎉", "Party"],
  ["😮", "Surprised"],
  ["😢", "Sad"],
  ["🙏", "Thank you"],
  ["👀", "Looking"],
];

/** Where a reaction is chosen: some common ones, and a field for any other. It floats beside the button that opened it. */
export class Picker {
  #onPick = (/** @type {string} */ _emoji) => {};
  #field = element("input", {
    "aria-label": "Any emoji",
    placeholder: "Any emoji",
    autocomplete: "off",
    "aria-describedby": "picker-problem",
    input: () => this.#complain(""),
  });
  #problem = element("p", { id: "picker-problem", class: "problem", role: "alert" });
  #element = element(
    "div",
    { class: "picker", popover: "auto", role: "dialog", "aria-label": "React" },
    element(
      "div",
      { class: "common" },
      ...COMMON.map(([emoji = "", name = ""]) =>
        element(
          "button",
          { type: "button", "aria-label": name, title: name, click: () => this.#pick(emoji) },
          emoji,
        )
      ),
    ),
    element(
      "form",
      { novalidate: true, submit: (event) => this.#submit(event) },
      this.#field,
      element("button", { type: "submit", class: "secondary" }, "Add"),
    ),
    this.#problem,
  );

  constructor() {
    document.body.append(this.#element);
  }

  /**
   * Opens beside an element; `onPick` is told what is chosen.
   *
   * @param {Element} anchor
   * @param {(emoji: string) => void} onPick
   */
  open(anchor, onPick) {
    this.#onPick = onPick;
    this.#field.value = "";
    this.#complain("");
    showBeside(this.#element, anchor);
    if (!TOUCH.matches) this.#element.querySelector("button")?.focus();
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const emoji = this.#field.value.trim();
    if (isEmoji(emoji)) this.#pick(emoji);
    else this.#complain("A reaction is one emoji.");
  }

  /** @param {string} emoji */
  #pick(emoji) {
    this.#element.hidePopover();
    this.#onPick(emoji);
  }

  /** @param {string} problem */
  #complain(problem) {
    setText(this.#problem, problem);
    this.#field.setAttribute("aria-invalid", String(problem !== ""));
  }
}
