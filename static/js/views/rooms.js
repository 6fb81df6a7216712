// @ts-check
/// <reference lib="dom" />
/** @import { Chat } from "../state/chat.js" */
import { number } from "../format.js";
import { roomAddress } from "../place.js";
import { isRoomName, toRoomName } from "../protocol.js";
import { t } from "../strings.js";
import { avatar, byId, element, setText } from "./dom.js";

/** Unread messages beyond this number are not counted out. */
const MAX_SHOWN = 99;

/** The list of rooms, the form that opens one, and who the person is. */
export class RoomsView {
  #list = byId("rooms", HTMLUListElement);
  #form = byId("open-room", HTMLFormElement);
  #field = /** @type {HTMLInputElement} */ (this.#form.elements.namedItem("room"));
  #problem = byId("open-room-problem", HTMLElement);
  #me = byId("me", HTMLElement);
  /** @type {Map<string, { item: HTMLLIElement, link: HTMLAnchorElement, badge: HTMLElement }>} */
  #items = new Map();
  #onOpen;

  /** @param {{ onOpen: (room: string) => void, onSignOut: () => void }} options */
  constructor({ onOpen, onSignOut }) {
    this.#onOpen = onOpen;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("input", () => this.#complain(""));
    byId("sign-out", HTMLButtonElement).addEventListener("click", onSignOut);
  }

  /** @param {Chat} chat */
  render(chat) {
    const names = chat.roomNames;
    for (const [name, { item }] of this.#items) {
      if (names.includes(name)) continue;
      item.remove();
      this.#items.delete(name);
    }
    names.forEach((name, index) => {
      const { item, link, badge } = this.#item(name);
      const before = this.#list.children[index];
      if (before !== item) this.#list.insertBefore(item, before ?? null);
      const room = chat.rooms.get(name);
      const unread = room?.reading.unread(chat.me?.id) ?? 0;
      const mentions = room?.reading.mentions(chat.me) ?? 0;
      link.classList.toggle("unread", unread > 0);
      link.classList.toggle("mentioned", mentions > 0);
      link.classList.toggle("outside", room === undefined);
      if (name === chat.current.name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
      const shown = unread > MAX_SHOWN ? `${MAX_SHOWN}+` : unread > 0 ? number(unread) : "";
      setText(badge, mentions > 0 ? `@ ${shown}` : shown);
      badge.title = newsOf(unread, mentions);
    });
    if (chat.me && this.#me.textContent !== avatar(chat.me).textContent + chat.me.name) {
      this.#me.replaceChildren(avatar(chat.me), element("bdi", { class: "name" }, chat.me.name));
    }
  }

  /** Puts the focus where somebody goes on who came to the list. */
  focus() {
    /** @type {HTMLElement | null} */ (this.#list.querySelector("[aria-current]"))?.focus();
  }

  /** @param {string} name */
  #item(name) {
    const known = this.#items.get(name);
    if (known) return known;
    const badge = element("span", { class: "badge" });
    const link = element(
      "a",
      { href: roomAddress(name), click: (event) => this.#follow(event, name) },
      element("span", { class: "hash", "aria-hidden": "true" }, "#"),
      element("bdi", { class: "name" }, name),
      badge,
    );
    const made = { item: element("li", {}, link), link, badge };
    this.#items.set(name, made);
    return made;
  }

  /**
   * @param {Event} event
   * @param {string} name
   */
  #follow(event, name) {
    const { ctrlKey, metaKey, shiftKey } = /** @type {MouseEvent} */ (event);
    if (ctrlKey || metaKey || shiftKey) return;
    event.preventDefault();
    this.#onOpen(name);
  }

  #submit() {
    const name = toRoomName(this.#field.value);
    if (name === "") return this.#field.focus();
    if (!isRoomName(name)) {
      return this.#complain(t.rooms.badName);
    }
    this.#field.value = "";
    this.#onOpen(name);
  }

  /** @param {string} problem */
  #complain(problem) {
    setText(this.#problem, problem);
    this.#field.setAttribute("aria-invalid", String(problem !== ""));
  }
}

/**
 * @param {number} unread
 * @param {number} mentions
 */
function newsOf(unread, mentions) {
  if (unread === 0) return "";
  const messages = t.rooms.unread(unread);
  return mentions === 0
    ? messages
    : t.rooms.unreadAndMentions(messages, t.rooms.mentions(mentions));
}
