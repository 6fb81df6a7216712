// @ts-check
/// <reference lib="dom" />
import { findEmoji, loadedEmoji, loadEmoji } from "../completion/emoji.js";
import { isEmoji } from "../protocol.js";
import { t } from "../strings.js";
import { element, setText, TOUCH } from "./dom.js";
import { showBeside } from "./float.js";

/** The emoji that are one click away, and what they are called. */
const COMMON = [
  ["👍", t.emoji.thumbsUp],
  ["❤️", t.emoji.heart],
  ["😂", t.emoji.tearsOfJoy],
  ["🎉", t.emoji.party],
  ["😮", t.emoji.surprised],
  ["😢", t.emoji.sad],
  ["🙏", t.emoji.thankYou],
  ["👀", t.emoji.looking],
].map(([emoji = "", name = ""]) => ({ emoji, name }));
/** How many stand side by side, as the style sheet has it. */
const COLUMNS = 8;

/**
 * Where an emoji is chosen, as a reaction or for a message: some common ones, and all others by name, in a field that
 * takes any emoji as it is. It floats beside the button that opened it.
 */
export class Picker {
  #onPick = (/** @type {string} */ _emoji) => {};
  #field = element("input", {
    "aria-label": t.emoji.any,
    placeholder: t.emoji.find,
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    "aria-describedby": "picker-problem",
    input: () => this.#search(),
    keydown: (event) => {
      const { isComposing, key } = /** @type {KeyboardEvent} */ (event);
      if (key === "ArrowDown" && !isComposing) this.#found.querySelector("button")?.focus();
    },
  });
  #problem = element("p", { id: "picker-problem", class: "problem", role: "alert" });
  #common = this.#grid(t.emoji.common, COMMON);
  #found = this.#grid(t.emoji.all, []);
  #shown = "";
  #element = element(
    "div",
    { class: "picker", popover: "auto", role: "dialog", "aria-label": t.emoji.title },
    this.#common,
    element("form", { novalidate: true, submit: (event) => this.#submit(event) }, this.#field),
    this.#problem,
    this.#found,
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
    this.#search();
    showBeside(this.#element, anchor);
    if (!TOUCH.matches) this.#element.querySelector("button")?.focus();
    loadEmoji().then(() => this.#search(), () => {
      this.#complain(t.emoji.notFetched);
    });
  }

  #search() {
    this.#complain("");
    const found = findEmoji(loadedEmoji() ?? [], this.#field.value);
    const shown = found.map(({ emoji }) => emoji).join();
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#fill(this.#found, found);
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const text = this.#field.value.trim();
    const [best] = text === "" ? [] : findEmoji(loadedEmoji() ?? [], text, 1);
    if (isEmoji(text)) this.#pick(text);
    else if (best) this.#pick(best.emoji);
    else this.#complain(t.emoji.unknown);
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

  /**
   * Emoji side by side: one stop of the Tab key, within which the arrows go.
   *
   * @param {string} name
   * @param {readonly { emoji: string, name: string }[]} emoji
   */
  #grid(name, emoji) {
    const grid = element("div", {
      class: "emoji-grid",
      role: "group",
      "aria-label": name,
      keydown: (event) => {
        if (this.#move(grid, /** @type {KeyboardEvent} */ (event).key)) event.preventDefault();
      },
      focusin: ({ target }) => {
        for (const button of grid.querySelectorAll("button")) {
          button.tabIndex = button === target ? 0 : -1;
        }
      },
    });
    this.#fill(grid, emoji);
    return grid;
  }

  /**
   * @param {HTMLElement} grid
   * @param {readonly { emoji: string, name: string }[]} emoji
   */
  #fill(grid, emoji) {
    grid.replaceChildren(...emoji.map(({ emoji, name }, index) => {
      const words = name.replaceAll("_", " ");
      return element("button", {
        type: "button",
        tabindex: index === 0 ? "0" : "-1",
        "aria-label": words,
        title: words,
        click: () => this.#pick(emoji),
      }, emoji);
    }));
    grid.hidden = emoji.length === 0;
  }

  /**
   * @param {HTMLElement} grid
   * @param {string} key
   * @returns {boolean} whether the key means something
   */
  #move(grid, key) {
    const buttons = [...grid.querySelectorAll("button")];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const forward = getComputedStyle(grid).direction === "rtl" ? -1 : 1;
    /** @type {Record<string, number>} */
    const steps = {
      ArrowRight: at + forward,
      ArrowLeft: at - forward,
      ArrowDown: at + COLUMNS,
      ArrowUp: at - COLUMNS,
      Home: 0,
      End: buttons.length - 1,
    };
    const to = steps[key];
    if (to === undefined) return false;
    // Out of the list, above and below, is the field.
    if (to < 0 && grid === this.#found || to >= buttons.length && grid === this.#common) {
      this.#field.focus();
    } else buttons[to]?.focus();
    return true;
  }
}
