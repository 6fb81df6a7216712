// @ts-check
/// <reference lib="dom" />
/** @import { Chat } from "../state/chat.js" */
/** @import { Room, Target } from "../state/room.js" */
import { mentionable } from "../completion/people.js";
import { toExcerpt } from "../markup/plain.js";
import { countChars } from "../protocol.js";
import { titleOf } from "../state/sections.js";
import { t } from "../strings.js";
import { Completion } from "./completion.js";
import { byId, setText, TOUCH } from "./dom.js";
import { replaceIn } from "./field.js";

/** From this part of the limit on the characters are counted out. */
const NEAR = 0.9;
/** How many lines the field shows at the most, where the style sheet cannot size it. */
const MAX_LINES = 8;

/**
 * @typedef {object} ComposerActions
 * @property {(room: Room, text: string) => void} onSay
 * @property {(room: Room, target: Target, text: string) => void} onEdit
 * @property {() => void} onEditLast
 * @property {(room: Room, text: string) => void} onDraft
 * @property {(room: Room, on: boolean) => void} onTyping
 * @property {(anchor: HTMLElement, onPick: (emoji: string) => void) => void} onPickEmoji lets the person choose one
 * @property {() => void} onChange is told that what is written answers or changes no message any more
 */

/** Where the person writes: something new, an answer, or another text for a message of their own. */
export class ComposerView {
  #form = byId("composer", HTMLFormElement);
  #field = byId("message", HTMLTextAreaElement);
  #count = byId("message-count", HTMLElement);
  #context = byId("composer-context", HTMLElement);
  #contextText = byId("composer-context-text", HTMLElement);
  #actions;
  #completion;
  /** @type {Chat | undefined} */
  #chat;
  /** @type {Room | undefined} */
  #room;
  /** What the field shows: which draft, or the text of which message. */
  #shown = "";
  /** @type {number | null} */
  #limit = null;

  /** @param {ComposerActions} actions */
  constructor(actions) {
    this.#actions = actions;
    this.#completion = new Completion(
      this.#field,
      () => this.#room ? mentionable(this.#room, this.#chat?.me) : [],
    );
    this.#field.enterKeyHint = TOUCH.matches ? "enter" : "send";
    this.#field.addEventListener("input", (event) => this.#write(event));
    const emoji = byId("composer-emoji", HTMLButtonElement);
    emoji.addEventListener(
      "click",
      () => actions.onPickEmoji(emoji, (picked) => this.#insert(picked)),
    );
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    byId("composer-cancel", HTMLButtonElement).addEventListener("click", () => {
      this.#cancel();
      this.focus();
    });
    // A tap on a button must not close the keyboard of a phone.
    for (const button of this.#form.querySelectorAll(".send, #composer-emoji")) {
      button.addEventListener("pointerdown", (event) => {
        if (document.activeElement === this.#field) event.preventDefault();
      });
    }
  }

  /** @param {Chat} chat */
  render(chat) {
    this.#chat = chat;
    this.#limit = chat.limits?.message_chars ?? null;
    const { current: room } = chat;
    this.#renderContext(room);
    this.#field.placeholder = t.rooms.message(titleOf(chat, room.name));
    this.#field.disabled = room.refusal !== undefined;
    const shown = JSON.stringify([room.name, room.editing?.target.key]);
    if (room === this.#room && shown === this.#shown) return;
    this.#room = room;
    this.#shown = shown;
    this.#field.value = room.editing?.text ?? room.draft;
    this.#completion.close();
    this.#fit();
  }

  /** Puts the cursor into the field; not on touch, where it would open the keyboard. */
  focus() {
    if (!TOUCH.matches) this.#field.focus();
  }

  /**
   * Puts the cursor into the field, for somebody who asked to write: into the text that is to be changed already, as
   * what they type before the next frame would be lost with another one.
   */
  open() {
    if (this.#chat) this.render(this.#chat);
    this.#field.focus();
  }

  /** @param {Room} room */
  #renderContext(room) {
    const { editing, replyTo } = room;
    this.#context.hidden = editing === undefined && replyTo === undefined;
    if (editing) return setText(this.#contextText, t.composer.editing);
    if (replyTo === undefined) return;
    const answered = room.message(replyTo);
    setText(
      this.#contextText,
      answered
        ? t.composer.replyingTo(answered.username, toExcerpt(answered.text ?? ""))
        : t.composer.replying,
    );
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // An input method confirms with Enter; Safari says so only by the code 229.
    const composing = event.isComposing || event.keyCode === 229;
    if (composing || event.altKey || event.ctrlKey || event.metaKey) return;
    const plain = !event.shiftKey;
    if (this.#completion.key(event)) { /* It was for the list. */ }
    else if (event.key === "Enter" && plain && !TOUCH.matches) this.#submit();
    else if (event.key === "Escape" && this.#cancels()) this.#cancel();
    else if (event.key === "ArrowUp" && plain && this.#field.value === "" && !this.#room?.editing) {
      this.#actions.onEditLast();
      this.open();
    } else return;
    event.preventDefault();
  }

  /** @param {Event} event */
  #write(event) {
    const room = this.#room;
    if (!room) return;
    const { data, isComposing } = /** @type {InputEvent} */ (event);
    if (isComposing) this.#completion.close();
    else {
      if (data === ":") this.#completion.turn();
      this.#completion.look();
    }
    const { value } = this.#field;
    this.#fit();
    if (room.editing) {
      room.editing = { ...room.editing, text: value };
      return;
    }
    this.#actions.onDraft(room, value);
    this.#actions.onTyping(room, value.trim() !== "");
  }

  /** @param {string} text */
  #insert(text) {
    const { selectionEnd, selectionStart } = this.#field;
    replaceIn(this.#field, selectionStart, selectionEnd, text);
  }

  #submit() {
    const room = this.#room;
    const text = this.#field.value.trim();
    if (!room || text === "" || this.#excess(text) > 0) return;
    if (room.editing) return this.#actions.onEdit(room, room.editing.target, text);
    this.#field.value = "";
    this.#completion.close();
    this.#fit();
    this.#actions.onSay(room, text);
  }

  #cancels() {
    return this.#room?.editing !== undefined || this.#room?.replyTo !== undefined;
  }

  #cancel() {
    if (!this.#room) return;
    if (this.#room.editing) this.#room.editing = undefined;
    else this.#room.replyTo = undefined;
    this.#actions.onChange();
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
    // What keeps a message from being sent is said aloud; what is left is only there to be looked up.
    this.#count.setAttribute("aria-live", excess > 0 ? "polite" : "off");
    if (!near) setText(this.#count, "");
    else if (excess > 0) setText(this.#count, t.composer.tooMany(excess));
    else setText(this.#count, t.composer.left(-excess));
  }
}
