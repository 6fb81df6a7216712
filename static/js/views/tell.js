// @ts-check
/// <reference lib="dom" />
import { byId, setText } from "./dom.js";

/** How long a word stays, in milliseconds. */
const STAYS_MS = 4_000;

/** A word to the person on what they did, above the log, gone after a while. */
export class TellView {
  #told = byId("told", HTMLElement);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {string} text */
  say(text) {
    clearTimeout(this.#timer);
    setText(this.#told, text);
    this.#timer = setTimeout(() => setText(this.#told, ""), STAYS_MS);
  }
}
