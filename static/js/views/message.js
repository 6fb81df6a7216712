// @ts-check
/// <reference lib="dom" />
/** @import { ActionName } from "./actions_bar.js" */
/** @import { MessageRow } from "../state/timeline.js" */
/** @import { Names } from "../markup/names.js" */
import { toExcerpt } from "../markup/plain.js";
import { t } from "../strings.js";
import { ActionsBar } from "./actions_bar.js";
import { avatar, element, setText } from "./dom.js";
import { ReactionsView } from "./reactions.js";
import { WordsView } from "./words.js";

/**
 * @typedef {ReturnType<typeof import("../format.js").createTimes>} Times
 *
 * @typedef {object} MessageActions
 * @property {(name: ActionName, row: MessageRow, button: HTMLElement) => void} onAct
 * @property {(id: string, emoji: string, on: boolean) => void} onReact
 * @property {(id: string) => void} onWho is told that the person wants to know who reacted to a message
 * @property {(id: string) => void} onQuote is told the id of the message that is quoted
 * @property {(nonce: string) => void} onRetry
 * @property {(nonce: string) => void} onDiscard gives something up that failed, or takes a deletion back
 * @property {{ readonly names: Names, nameOf(id: string): string | undefined }} known who is known by name in the room
 */

/** What was not done, by what it was. */
const UNSAVED = Object.freeze({
  send: t.message.notSent,
  edit: t.message.notSaved,
  delete: t.message.notDeleted,
  react: "",
});

/** A message in the log. It is brought up to date in place, so that screen readers do not hear it twice. */
export class MessageView {
  #times;
  #actions;
  #row;
  #author = element("bdi", { class: "author" });
  #time = element("time");
  #words = new WordsView();
  #body = element("div", { class: "body" }, this.#words.element);
  // Most messages have none of these: they are made for those that do.
  /** @type {HTMLElement | undefined} */
  #avatar;
  /** @type {QuoteView | undefined} */
  #quote;
  /** @type {ReactionsView | undefined} */
  #reactions;
  /** @type {HTMLElement | undefined} */
  #note;
  /** @type {ActionsBar | undefined} */
  #bar;

  /**
   * @param {MessageRow} row
   * @param {Times} times
   * @param {MessageActions} actions
   */
  constructor(row, times, actions) {
    this.#times = times;
    this.#actions = actions;
    this.#row = row;
    this.#author.textContent = row.message.username;
    this.element = element(
      "article",
      { class: "message", tabindex: "-1" },
      element("header", {}, this.#author, this.#time),
      this.#body,
    );
    this.update(row);
  }

  /** Offers what can be done to the message, and the tip of its time: that weighs more than all the rest of it. */
  offer() {
    if (this.#bar) return;
    this.#bar = new ActionsBar((name, button) => this.#actions.onAct(name, this.#row, button));
    this.#bar.update(this.#row);
    this.element.append(this.#bar.element);
    this.#time.dataset.tip = this.#times.full(this.#row.message.time);
  }

  /** @param {MessageRow} row */
  update(row) {
    this.#row = row;
    const { message, lead, mine, state } = row;
    const { user_id: id, username, time } = message;
    if (lead && !this.#avatar) {
      this.#avatar = avatar({ id, name: username });
      this.element.prepend(this.#avatar);
    }
    this.element.classList.toggle("lead", lead);
    this.element.classList.toggle("mine", mine);
    this.element.dataset.state = state;
    const at = this.#times.time(time);
    const said = { sent: at, waiting: t.message.waiting, failed: t.message.failed };
    this.element.setAttribute("aria-label", `${username}, ${said[state]}`);
    setText(this.#time, lead ? at : this.#times.shortTime(time));
    this.#time.dateTime = new Date(time).toISOString();
    if (this.#bar) this.#time.dataset.tip = this.#times.full(time);
    this.#updateQuote(row);
    this.#updateWords(row);
    this.#updateReactions(row);
    this.#updateNote(row);
    this.#bar?.update(row);
  }

  /** @param {MessageRow} row */
  #updateQuote({ message, quoted }) {
    const quotes = message.reply_to !== undefined && !message.deleted;
    if (quotes && !this.#quote) {
      this.#quote = new QuoteView(() => this.#goToQuoted());
      this.#body.prepend(this.#quote.element);
    }
    this.#quote?.update(quotes, quoted);
  }

  /** @param {MessageRow} row */
  #updateReactions({ message: { reactions } }) {
    if (reactions && !this.#reactions) {
      this.#reactions = new ReactionsView({
        onToggle: (emoji, on) => this.#react(emoji, on),
        onWho: () => {
          if (this.#row.id !== undefined) this.#actions.onWho(this.#row.id);
        },
      });
      this.#body.after(this.#reactions.element);
    }
    this.#reactions?.update(reactions, this.#actions.known);
  }

  /** @param {MessageRow} row */
  #updateWords(row) {
    const { changing, message, state, undo } = row;
    const { deleted, edited_at: editedAt, text } = message;
    const gone = undo === undefined ? t.message.deleted : t.message.youDeleted;
    if (deleted) this.#words.bury(gone);
    else this.#words.say(text ?? "", this.#actions.known.names);
    const edited = editedAt !== undefined && !deleted && state === "sent";
    this.#words.mark({
      edited: edited ? this.#times.full(editedAt) : undefined,
      waits: (state === "waiting" || changing) && undo === undefined,
    });
    const named = !row.mine && !deleted && this.#actions.known.names.mentionMe(text ?? "");
    this.element.classList.toggle("to-me", named);
  }

  /** @param {MessageRow} row */
  #updateNote({ undo, unsaved }) {
    const { onDiscard, onRetry } = this.#actions;
    if (!this.#note && undo === undefined && !unsaved) return;
    if (!this.#note) {
      this.#note = element("div", { class: "note" });
      this.element.insertBefore(this.#note, this.#bar?.element ?? null);
    }
    const note = this.#note;
    const shown = JSON.stringify([undo, unsaved?.nonce, unsaved?.failed]);
    // Buttons that stay the same stay, and the focus on them.
    if (note.dataset.shown === shown) return;
    note.dataset.shown = shown;
    note.replaceChildren();
    note.classList.toggle("failure", unsaved !== undefined);
    if (undo !== undefined) note.append(quietButton(t.message.undo, () => onDiscard(undo)));
    if (!unsaved) return;
    const { failed, kind, nonce } = unsaved;
    note.append(
      element("span", {}, `${UNSAVED[kind]} ${failed}`),
      quietButton(t.common.tryAgain, () => onRetry(nonce)),
      quietButton(kind === "send" ? t.actions.delete : t.message.discard, () => onDiscard(nonce)),
    );
  }

  #goToQuoted() {
    const { reply_to: id } = this.#row.message;
    if (id !== undefined) this.#actions.onQuote(id);
  }

  /**
   * @param {string} emoji
   * @param {boolean} on
   */
  #react(emoji, on) {
    if (this.#row.id !== undefined) this.#actions.onReact(this.#row.id, emoji, on);
  }
}

/** The message that is answered, in a line above the answer. */
class QuoteView {
  #author = element("bdi");
  #colon = document.createTextNode("");
  #text = element("span", { dir: "auto" });

  /** @param {() => void} onClick */
  constructor(onClick) {
    this.element = element(
      "button",
      { type: "button", class: "quote", tabindex: "-1", click: onClick },
      this.#author,
      this.#colon,
      this.#text,
    );
  }

  /**
   * @param {boolean} shown
   * @param {MessageRow["quoted"]} quoted
   */
  update(shown, quoted) {
    this.element.hidden = !shown;
    setText(this.#author, quoted?.username ?? "");
    setText(this.#colon, quoted ? ": " : "");
    const line = quoted?.text === undefined ? t.message.deleted : toExcerpt(quoted.text);
    setText(this.#text, quoted ? line : t.message.earlier);
    this.element.classList.toggle("tombstone", quoted?.deleted === true);
  }
}

/**
 * @param {string} name
 * @param {() => void} click
 */
function quietButton(name, click) {
  return element("button", { type: "button", class: "quiet", click }, name);
}
