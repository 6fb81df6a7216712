// @ts-check
/// <reference lib="dom" />
/** @import { Names } from "../markup/names.js" */
import { parse } from "../markup/parse.js";
import { beginningOf, isTall } from "../markup/tall.js";
import { t } from "../strings.js";
import { element, setText } from "./dom.js";
import { renderBlocks } from "./markup.js";

/** How many letters a line of a message holds, on a wide window and on a narrow one. */
const COLUMNS = { wide: 80, narrow: 45 };
const NARROW = matchMedia("(width < 45rem)");

/** What a message says: its formatted text, a mark behind it, and for a tall one the way to the rest of it. */
export class WordsView {
  #text = element("div", { class: "text", dir: "auto" });
  #mark = element("span", { class: "mark" });
  #more = element("button", { type: "button", class: "quiet more", click: () => this.#toggle() });
  /** @type {Names | undefined} */
  #names;
  /** @type {{ edited: string | undefined, waits: boolean }} */
  #marks = { edited: undefined, waits: false };
  /** @type {string | undefined} the text that is shown, as it was written */
  #said;
  element = element("div", {}, this.#text, this.#more);

  constructor() {
    this.#more.hidden = true;
  }

  /**
   * Shows a text as it was written.
   *
   * @param {string} text
   * @param {Names} names who may be mentioned
   */
  say(text, names) {
    if (text === this.#said) return;
    this.#said = text;
    this.#names = names;
    this.#text.classList.remove("tombstone");
    const tall = isTall(text, NARROW.matches ? COLUMNS.narrow : COLUMNS.wide);
    this.#more.hidden = !tall;
    this.#fold(tall);
  }

  /**
   * Shows what stands in place of a text that was deleted.
   *
   * @param {string} words
   */
  bury(words) {
    this.#said = undefined;
    this.#more.hidden = true;
    this.#text.classList.remove("folded");
    this.#text.classList.add("tombstone");
    if (this.#text.textContent !== words) this.#text.replaceChildren(element("p", {}, words));
  }

  /**
   * Marks the text as changed, at this time, or as not confirmed yet.
   *
   * @param {{ edited: string | undefined, waits: boolean }} marks
   */
  mark({ edited, waits }) {
    this.#marks = { edited, waits };
    const marked = edited !== undefined || waits;
    if (!marked && !this.#mark.parentElement) return;
    setText(this.#mark, edited === undefined ? "" : t.message.edited);
    this.#mark.classList.toggle("clock", waits);
    if (edited === undefined) delete this.#mark.dataset.tip;
    else this.#mark.dataset.tip = edited;
    // Behind the last word, if the text ends with words.
    const last = this.#text.lastElementChild;
    const place = last?.tagName === "P" ? last : this.#text;
    if (!marked) this.#mark.remove();
    else if (this.#mark.parentElement !== place) place.append(this.#mark);
  }

  #toggle() {
    this.#fold(!this.#text.classList.contains("folded"));
  }

  /** @param {boolean} folded */
  #fold(folded) {
    const text = this.#said ?? "";
    const shown = folded ? beginningOf(text) : text;
    this.#text.classList.toggle("folded", folded);
    this.#text.replaceChildren(...renderBlocks(parse(shown, this.#names)));
    this.#more.setAttribute("aria-expanded", String(!folded));
    setText(this.#more, folded ? t.message.showMore : t.message.showLess);
    this.mark(this.#marks);
  }
}
