// @ts-check
/// <reference lib="dom" />
/** @import { MessageRow, Said } from "../state/timeline.js" */
import { plural } from "../format.js";
import { findLinks } from "../links.js";
import { avatar, element, setText } from "./dom.js";

/**
 * @typedef {ReturnType<typeof import("../format.js").createTimes>} Times
 * @typedef {{ onRetry: (key: string) => void, onDiscard: (key: string) => void }} MessageActions
 */

/** A message in the log. It is brought up to date in place, so that screen readers do not hear it twice. */
export class MessageView {
  #times;
  #actions;
  #author = element("bdi", { class: "author" });
  #time = element("time");
  #quote = element("p", { class: "quote", dir: "auto" });
  #text = element("span");
  #mark = element("span", { class: "mark" });
  #words = element("p", { class: "text", dir: "auto" }, this.#text, this.#mark);
  #reactions = element("ul", { class: "reactions", "aria-label": "Reactions" });
  #failure = element("div", { class: "failure" });

  /**
   * @param {MessageRow} row
   * @param {Times} times
   * @param {MessageActions} actions
   */
  constructor(row, times, actions) {
    this.#times = times;
    this.#actions = actions;
    const { user_id: id, username: name } = row.message;
    this.#author.textContent = name;
    const head = element("header", {}, this.#author, this.#time);
    const body = element("div", { class: "body" }, this.#quote, this.#words);
    this.element = element(
      "article",
      { class: "message" },
      avatar({ id, name }),
      head,
      body,
      this.#reactions,
      this.#failure,
    );
    this.update(row);
  }

  /** @param {MessageRow} row */
  update(row) {
    const { message, lead, state } = row;
    const { username, time } = message;
    this.element.classList.toggle("lead", lead);
    this.element.dataset.state = state;
    const said = {
      sent: this.#times.time(time),
      waiting: "waiting to be sent",
      failed: "not sent",
    };
    this.element.setAttribute("aria-label", `${username}, ${said[state]}`);
    setText(this.#time, lead ? this.#times.time(time) : this.#times.shortTime(time));
    this.#time.dateTime = new Date(time).toISOString();
    this.#time.title = this.#times.full(time);
    this.#updateBody(row);
    this.#updateReactions(message);
    this.#updateFailure(row);
  }

  /** @param {MessageRow} row */
  #updateBody({ message, quoted, state }) {
    const { deleted, edited_at: editedAt, reply_to: replyTo, text } = message;
    const quote = quoted ? `${quoted.username}: ${quoted.text ?? "deleted"}` : "An earlier message";
    setText(this.#quote, replyTo === undefined ? "" : quote);
    this.#say(deleted ? "This message was deleted." : text ?? "");
    this.#words.classList.toggle("tombstone", deleted === true);
    setText(this.#mark, editedAt !== undefined && !deleted ? "edited" : "");
    this.#mark.title = editedAt === undefined ? "" : this.#times.full(editedAt);
    this.#mark.classList.toggle("clock", state === "waiting");
  }

  /** @param {string} text */
  #say(text) {
    if (this.#text.textContent === text) return;
    this.#text.replaceChildren(
      ...findLinks(text).map((piece) =>
        piece.href === undefined ? piece.text : element(
          "a",
          { href: piece.href, target: "_blank", rel: "noopener noreferrer" },
          piece.text,
        )
      ),
    );
  }

  /** @param {Said} message */
  #updateReactions({ reactions = {} }) {
    const chips = Object.entries(reactions).map(([emoji, { count, mine }]) =>
      element(
        "li",
        { class: mine ? "mine" : "", title: plural(count, "person", "people") },
        `${emoji} ${count}`,
      )
    );
    this.#reactions.replaceChildren(...chips);
  }

  /** @param {MessageRow} row */
  #updateFailure({ key, reason, state }) {
    if (state !== "failed") return this.#failure.replaceChildren();
    const { onDiscard, onRetry } = this.#actions;
    this.#failure.replaceChildren(
      element("span", {}, `Not sent. ${reason}.`),
      element("button", { type: "button", class: "quiet", click: () => onRetry(key) }, "Try again"),
      element("button", { type: "button", class: "quiet", click: () => onDiscard(key) }, "Delete"),
    );
  }
}
