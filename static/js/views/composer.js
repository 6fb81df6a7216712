// @ts-check
/// <reference lib="dom" />
/** @import { Chat } from "../state/chat.js" */
/** @import { Room } from "../state/room.js" */
import { number } from "../format.js";
import { countChars } from "../protocol.js";
import { byId, setText, TOUCH } from "./dom.js";

/** From this part of the limit on the characters are counted out. */
const NEAR = 0.9;
/** How many lines the field shows at the most, where the style sheet cannot size it. */
const MAX_LINES = 8;

/** Where the person writes. */
export class ComposerView {
  #form = byId("composer", HTMLFormElement);
  #field = byId("message", HTMLTextAreaElement);
  #count = byId("message-count", HTMLElement);
  #onSay;
  #onTyping;
  /** @type {Room | undefined} */
  #room;
  /** @type {number | null} */
  #limit = null;

  /**
   * @param {object} options
   * @param {(room: Room, text: string) => void} options.onSay
   * @param {(room: Room, on: boolean) => void} options.onTyping
   */
  constructor({ onSay, onTyping }) {
    this.#onSay = onSay;
    this.#onTyping = onTyping;
    this.#field.enterKeyHint = TOUCH.matches ? "enter" : "send";
    this.#field.addEventListener("input", () => this.#write());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    // A tap on the button must not close the keyboard of a phone.
    this.#form.querySelector("button")?.addEventListener("pointerdown", (event) => {
      if (document.activeElement === this.#field) event.preventDefault();
    });
  }

  /** @param {Chat} chat */
  render(chat) {
    this.#limit = chat.limits?.message_chars ?? null;
    if (chat.current === this.#room) return;
    this.#room = chat.current;
    this.#field.value = chat.current.draft;
    this.#field.placeholder = `Message #${chat.current.name}`;
    this.#fit();
  }

  /** Puts the cursor into the field; not on touch, where it would open the keyboard. */
  focus() {
    if (!TOUCH.matches) this.#field.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // An input method confirms with Enter; Safari says so only by the code 229.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing || TOUCH.matches) return;
    event.preventDefault();
    this.#submit();
  }

  #write() {
    if (!this.#room) return;
    this.#room.draft = this.#field.value;
    this.#fit();
    this.#onTyping(this.#room, this.#field.value.trim() !== "");
  }

  #submit() {
    const text = this.#field.value.trim();
    if (!this.#room || text === "" || this.#excess(text) > 0) return;
    this.#field.value = "";
    this.#room.draft = "";
    this.#fit();
    this.#onSay(this.#room, text);
  }

  /** @param {string} text */
  #excess(text) {
    return this.#limit === null ? 0 : countChars(text) - this.#limit;
  }

  #fit() {
    const text = this.#field.value.trim();
    this.#form.classList.toggle("empty", text === "");
    if (!CSS.supports("field-sizing", "content")) {
      this.#field.rows = Math.min(MAX_LINES, this.#field.value.split("\n").length);
    }
    const excess = this.#excess(text);
    const near = this.#limit !== null && -excess <= this.#limit * (1 - NEAR);
    this.#form.classList.toggle("over", excess > 0);
    this.#field.setAttribute("aria-invalid", String(excess > 0));
    if (!near) setText(this.#count, "");
    else if (excess > 0) setText(this.#count, `${number(excess)} too many`);
    else setText(this.#count, `${number(-excess)} left`);
  }
}
