// @ts-check
/// <reference lib="dom" />
/** @import { MessageView } from "../../../lib/wire/protocol.ts" */
/** @import { Search } from "../search/search.js" */
/** @import { Chat } from "../state/chat.js" */
/** @import { Times } from "./message.js" */
import { toPlain } from "../markup/plain.js";
import { messageAddress } from "../place.js";
import { excerpt } from "../search/highlight.js";
import { titleOf } from "../state/sections.js";
import { t } from "../strings.js";
import { byId, element, setText } from "./dom.js";

/**
 * @typedef {object} SearchActions
 * @property {() => void} onShow shows what was found, where that is a pane of its own
 * @property {() => void} onBack goes back to the messages, from a pane of its own
 * @property {() => void} onClose is told that the person looks for nothing any more, and where they were is gone
 * @property {(room: string, id: string) => void} onOpen
 */

/** Where messages are looked for: a field, and what was found. On a narrow screen they are a pane of their own. */
export class SearchView {
  #app = byId("app", HTMLElement);
  #form = byId("search", HTMLFormElement);
  #field = /** @type {HTMLInputElement} */ (this.#form.elements.namedItem("q"));
  #place = /** @type {HTMLElement} */ (this.#form.parentElement);
  #openButton = byId("search-open", HTMLButtonElement);
  #pane = byId("search-pane", HTMLElement);
  #state = byId("search-state", HTMLElement);
  #hint = byId("search-hint", HTMLElement);
  #list = byId("found", HTMLUListElement);
  #more = byId("search-more", HTMLButtonElement);
  #narrow = matchMedia("(width < 45rem)");
  #search;
  #times;
  #actions;
  #searchable = false;
  #shown = "";
  /** Where the person was before. @type {HTMLElement | undefined} */
  #before;

  /**
   * @param {Search} search
   * @param {Times} times
   * @param {SearchActions} actions
   */
  constructor(search, times, actions) {
    this.#search = search;
    this.#times = times;
    this.#actions = actions;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      search.look(this.#field.value);
    });
    this.#field.addEventListener("input", () => search.type(this.#field.value));
    this.#field.addEventListener("focus", ({ relatedTarget }) => {
      if (relatedTarget instanceof HTMLElement && !this.#pane.contains(relatedTarget)) {
        this.#before = relatedTarget;
      }
    });
    this.#openButton.addEventListener("click", () => this.open());
    this.#more.addEventListener("click", () => search.loadMore());
    byId("search-back", HTMLButtonElement).addEventListener("click", actions.onBack);
    byId("search-close", HTMLButtonElement).addEventListener("click", () => this.#close());
    for (const part of [this.#form, this.#pane]) {
      part.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || event.isComposing) return;
        event.preventDefault();
        this.#close();
      });
    }
    this.#narrow.addEventListener("change", () => this.#settle());
    this.#settle();
  }

  /** Goes to the field, if messages can be looked for here. */
  open() {
    if (!this.#searchable) return;
    if (this.#narrow.matches) this.#actions.onShow();
    this.focus();
  }

  /** Puts the focus into the field. */
  focus() {
    this.#field.focus();
    this.#field.select();
  }

  /** @param {Chat} chat */
  render(chat) {
    const search = this.#search;
    this.#searchable = chat.searchable;
    this.#form.hidden = this.#openButton.hidden = !chat.searchable;
    const open = search.state !== "idle";
    this.#app.dataset.search = open ? "open" : "closed";
    setText(this.#state, this.#sentence());
    this.#state.classList.toggle("problem", search.state === "failed");
    this.#renderHint();
    this.#more.hidden = !search.more;
    const names = search.messages.map(({ room }) => titleOf(chat, room));
    const shown = JSON.stringify([search.query, names, search.messages.map(({ seq }) => seq)]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#list.replaceChildren(
      ...search.messages.map((message, index) => this.#result(message, names[index] ?? "")),
    );
  }

  #sentence() {
    const { messages, more, problem, state } = this.#search;
    if (state === "idle") return "";
    if (state === "failed") return problem;
    if (messages.length > 0) {
      return more ? t.search.first(messages.length) : t.search.found(messages.length);
    }
    return state === "searching" ? t.search.searching : t.search.nothing;
  }

  #renderHint() {
    setText(this.#hint, this.#search.messages.length > 0 ? "" : t.search.hint);
  }

  /**
   * @param {MessageView} message
   * @param {string} place what the room is called
   */
  #result({ id, room, text = "", time, username }, place) {
    const pieces = excerpt(toPlain(text), this.#search.query.q);
    const link = element(
      "a",
      { href: messageAddress(room, id) },
      element("bdi", { class: "name" }, username),
      element(
        "time",
        { datetime: new Date(time).toISOString(), title: this.#times.full(time) },
        `${this.#times.day(time, Date.now())}, ${this.#times.time(time)}`,
      ),
      element("bdi", { class: "where" }, place),
      element(
        "p",
        { dir: "auto" },
        ...pieces.map(({ found, text }) => found ? element("mark", {}, text) : text),
      ),
    );
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#actions.onOpen(room, id);
    });
    return element("li", {}, link);
  }

  #close() {
    this.#field.value = "";
    this.#search.clear();
    if (this.#narrow.matches) return this.#actions.onBack();
    if (this.#before?.isConnected) this.#before.focus();
    else this.#actions.onClose();
  }

  /** Puts the field where there is room for it: into the head of the room, or into that of the pane. */
  #settle() {
    if (this.#narrow.matches) this.#pane.querySelector(".bar")?.append(this.#form);
    else this.#place.insertBefore(this.#form, this.#openButton);
  }
}
