// @ts-check
/// <reference lib="dom" />
/** @import { Chat } from "../state/chat.js" */
/** @import { Section } from "../state/sections.js" */
import { isRoomName, toRoomName } from "../protocol.js";
import { likeliest } from "../state/destinations.js";
import { nameOf, sections } from "../state/sections.js";
import { t } from "../strings.js";
import { avatar, byId, element, setText } from "./dom.js";
import { RoomItem } from "./room_item.js";

/**
 * @typedef {object} RoomsOptions
 * @property {(room: string) => void} onOpen
 * @property {() => void} onSignOut
 * @property {() => void} onChange is told that another part of the list is to be shown
 * @property {(room: string) => boolean} isStarred
 * @property {(room: string) => boolean} isMuted
 */

/** The list of rooms, the form that finds or makes one, and who the person is. */
export class RoomsView {
  #nav = byId("rooms", HTMLElement);
  #form = byId("open-room", HTMLFormElement);
  #field = /** @type {HTMLInputElement} */ (this.#form.elements.namedItem("room"));
  #hint = byId("open-room-hint", HTMLElement);
  #problem = byId("open-room-problem", HTMLElement);
  #me = byId("me", HTMLElement);
  #lists = {
    starred: list("starred", t.rooms.starred),
    rooms: list("rooms", t.rooms.title),
    direct: list("direct", t.rooms.direct),
  };
  /** @type {Map<string, RoomItem>} */
  #items = new Map();
  #options;

  /** @param {RoomsOptions} options */
  constructor(options) {
    this.#options = options;
    this.#nav.append(...Object.values(this.#lists).map(({ section }) => section));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("input", () => this.#find());
    this.#field.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.#field.value === "") return;
      event.stopPropagation();
      this.#clear();
    });
    byId("sign-out", HTMLButtonElement).addEventListener("click", options.onSignOut);
  }

  /** @param {Chat} chat */
  render(chat) {
    const { isMuted, isStarred } = this.#options;
    const parts = sections(chat, isStarred);
    const known = new Set(parts.flatMap(({ rooms }) => rooms));
    for (const name of this.#items.keys()) if (!known.has(name)) this.#items.delete(name);
    const found = this.#found(chat, known);
    for (const [kind, { section, ul }] of Object.entries(this.#lists)) {
      const own = parts.find((part) => part.kind === kind)?.rooms ?? [];
      const rooms = found.filter((room) => own.includes(room));
      section.hidden = rooms.length === 0;
      const items = rooms.map((room) => this.#item(room));
      arrange(ul, items.map(({ element }) => element));
      items.forEach((item, index) => item.render(chat, isMuted(rooms[index] ?? "")));
    }
    this.#renderHint(known);
    if (chat.me && this.#me.textContent !== avatar(chat.me).textContent + chat.me.name) {
      this.#me.replaceChildren(avatar(chat.me), element("bdi", { class: "name" }, chat.me.name));
    }
  }

  /** Puts the focus where somebody goes on who came to the list. */
  focus() {
    /** @type {HTMLElement | null} */ (this.#nav.querySelector("[aria-current]"))?.focus();
  }

  /**
   * The rooms that fit what is written in the field, the likeliest first. If none does all stay: a new one is being named.
   *
   * @param {Chat} chat
   * @param {ReadonlySet<string>} rooms in their order
   */
  #found(chat, rooms) {
    const sought = this.#field.value;
    const named = Array.from(rooms, (room) => ({ room, name: nameOf(chat, room) }));
    const fitting = sought.trim() === "" ? [] : likeliest(sought, named, Infinity);
    return (fitting.length === 0 ? named : fitting).map(({ room }) => room);
  }

  /** @param {string} room */
  #item(room) {
    const item = this.#items.get(room) ?? new RoomItem(room, () => this.#open(room));
    this.#items.set(room, item);
    return item;
  }

  /** @param {ReadonlySet<string>} known */
  #renderHint(known) {
    const name = toRoomName(this.#field.value);
    const hint = known.has(name) ? t.rooms.opens(name) : t.rooms.makes(name);
    setText(this.#hint, isRoomName(name) ? hint : "");
  }

  #find() {
    this.#complain("");
    this.#options.onChange();
  }

  #clear() {
    this.#field.value = "";
    this.#find();
  }

  #submit() {
    const name = toRoomName(this.#field.value);
    if (name === "") return this.#field.focus();
    if (!isRoomName(name)) return this.#complain(t.rooms.badName);
    this.#open(name);
  }

  /** @param {string} room */
  #open(room) {
    this.#clear();
    this.#options.onOpen(room);
  }

  /** @param {string} problem */
  #complain(problem) {
    setText(this.#problem, problem);
    this.#field.setAttribute("aria-invalid", String(problem !== ""));
  }
}

/**
 * @param {string} kind
 * @param {string} title
 */
function list(kind, title) {
  const id = `rooms-${kind}`;
  const ul = element("ul", { "aria-labelledby": id });
  return { ul, section: element("section", {}, element("h2", { id }, title), ul) };
}

/**
 * Makes these the children of a list. What is in its place stays there, and with it the focus.
 *
 * @param {HTMLElement} parent
 * @param {readonly HTMLElement[]} children
 */
function arrange(parent, children) {
  for (const child of [...parent.children]) {
    if (!children.includes(/** @type {HTMLElement} */ (child))) child.remove();
  }
  children.forEach((child, index) => {
    const before = parent.children[index];
    if (before !== child) parent.insertBefore(child, before ?? null);
  });
}
