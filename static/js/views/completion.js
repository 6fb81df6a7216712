// @ts-check
/// <reference lib="dom" />
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { Trigger } from "../completion/trigger.js" */
import { emojiNamed, findEmoji, loadedEmoji, loadEmoji } from "../completion/emoji.js";
import { findPeople } from "../completion/people.js";
import { findTrigger, findWritten } from "../completion/trigger.js";
import { avatar, byId, element } from "./dom.js";
import { replaceIn } from "./field.js";

/** How many are offered. */
const MOST = 8;

/**
 * What is offered: how it shows, and what is written if it is chosen.
 *
 * @typedef {{ readonly id: string, readonly shown: () => (Node | string)[], readonly text: string }} Offer
 */

/**
 * Offers what the person is writing: people behind `@`, emoji behind `:`. The focus stays in the field; the field says
 * which one of the list is the active one.
 */
export class Completion {
  #list = byId("completion", HTMLUListElement);
  #field;
  #people;
  /** @type {readonly Offer[]} */
  #offers = [];
  #active = 0;
  #shown = "";
  /** @type {Trigger | undefined} */
  #trigger;
  /** What the person wants no offers for. @type {number | undefined} */
  #declined;

  /**
   * @param {HTMLTextAreaElement} field
   * @param {() => readonly User[]} people whom the person may mention, the likeliest first
   */
  constructor(field, people) {
    this.#field = field;
    this.#people = people;
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-haspopup", "listbox");
    field.setAttribute("aria-controls", this.#list.id);
    document.addEventListener("selectionchange", () => {
      if (document.activeElement === field) this.look();
    });
    field.addEventListener("blur", () => this.close());
    // The focus stays in the field.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** Takes note of what is written now, and where the caret is. */
  look() {
    const { selectionEnd, selectionStart, value } = this.#field;
    const trigger = selectionStart === selectionEnd ? findTrigger(value, selectionEnd) : undefined;
    if (trigger?.start !== this.#declined) this.#declined = undefined;
    this.#trigger = this.#declined === undefined ? trigger : undefined;
    this.#show(this.#trigger ? this.#find(this.#trigger) : []);
  }

  /** Turns the name of an emoji into the emoji, if the person has just written it out. */
  turn() {
    const { selectionEnd, selectionStart, value } = this.#field;
    const all = loadedEmoji();
    const written = findWritten(value, selectionEnd);
    if (!all || !written || selectionStart !== selectionEnd) return;
    const emoji = emojiNamed(all, written.name);
    if (emoji !== undefined) replaceIn(this.#field, written.start, selectionEnd, emoji);
  }

  /** Offers nothing any more. */
  close() {
    this.#trigger = undefined;
    this.#show([]);
  }

  /**
   * Takes a key while something is offered.
   *
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was for the list
   */
  key({ key, shiftKey }) {
    if (this.#offers.length === 0 || shiftKey) return false;
    if (key === "ArrowDown") this.#activate(this.#active + 1);
    else if (key === "ArrowUp") this.#activate(this.#active - 1);
    else if (key === "Enter" || key === "Tab") this.#take(this.#active);
    else if (key === "Escape") {
      this.#declined = this.#trigger?.start;
      this.close();
    } else return false;
    return true;
  }

  /**
   * @param {Trigger} trigger
   * @returns {Offer[]}
   */
  #find({ kind, query }) {
    if (kind === "person") {
      return findPeople(this.#people(), query, MOST).map((user) => ({
        id: user.id,
        shown: () => [avatar(user), element("bdi", { class: "name" }, user.name)],
        text: `@${user.name} `,
      }));
    }
    const all = loadedEmoji();
    if (!all) loadEmoji().then(() => this.look(), () => {});
    return findEmoji(all ?? [], query, MOST).map(({ emoji, name }) => ({
      id: emoji,
      shown: () => [
        element("span", { class: "emoji", "aria-hidden": "true" }, emoji),
        element("span", { class: "name" }, name.replaceAll("_", " ")),
      ],
      text: `${emoji} `,
    }));
  }

  /** @param {readonly Offer[]} offers */
  #show(offers) {
    const shown = JSON.stringify(offers.map(({ id }) => id));
    this.#offers = offers;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#list.replaceChildren(...offers.map(({ shown }, index) =>
      element(
        "li",
        { id: `completion-${index}`, role: "option", click: () => this.#take(index) },
        ...shown(),
      )
    ));
    this.#list.hidden = offers.length === 0;
    this.#activate(0);
  }

  /** @param {number} index */
  #activate(index) {
    const { length } = this.#offers;
    this.#active = length === 0 ? 0 : (index + length) % length;
    [...this.#list.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === this.#active));
      if (at === this.#active) option.scrollIntoView({ block: "nearest" });
    });
    if (length === 0) this.#field.removeAttribute("aria-activedescendant");
    else this.#field.setAttribute("aria-activedescendant", `completion-${this.#active}`);
  }

  /** @param {number} index */
  #take(index) {
    const offer = this.#offers[index];
    const { selectionEnd, value } = this.#field;
    const trigger = this.#trigger;
    if (!offer || !trigger) return;
    this.close();
    // A space that is there already is enough.
    const end = value.charAt(selectionEnd) === " " ? selectionEnd + 1 : selectionEnd;
    replaceIn(this.#field, trigger.start, end, offer.text);
  }
}
