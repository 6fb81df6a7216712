// @ts-check
/// <reference lib="dom" />
/** @import { Chat } from "../state/chat.js" */
import { number } from "../format.js";
import { toExcerpt } from "../markup/plain.js";
import { roomAddress } from "../place.js";
import { isDirect } from "../state/directory.js";
import { nameOf } from "../state/sections.js";
import { t } from "../strings.js";
import { avatar, element, setText } from "./dom.js";

/** Unread messages beyond this number are not counted out. */
const MAX_SHOWN = 99;

/** A room in the list: its name, what was last said there, and how much of it is new to the person. */
export class RoomItem {
  #room;
  #sign = element("span", { class: "sign", "aria-hidden": "true" }, "#");
  #name = element("bdi", { class: "name" });
  #newest;
  #badge = element("span", { class: "badge" });
  #link;
  #partner = "";

  /**
   * @param {string} room
   * @param {() => void} onOpen
   */
  constructor(room, onOpen) {
    this.#room = room;
    const id = `newest-${room}`;
    // It describes the link, and is no part of its name.
    this.#newest = element("span", { id, class: "newest", "aria-hidden": "true", dir: "auto" });
    this.#link = element(
      "a",
      { href: roomAddress(room), "aria-describedby": id },
      this.#sign,
      element("span", { class: "lines" }, this.#name, this.#newest),
      this.#badge,
    );
    this.#link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      onOpen();
    });
    this.element = element("li", {}, this.#link);
  }

  /**
   * @param {Chat} chat
   * @param {boolean} muted
   */
  render(chat, muted) {
    const room = chat.rooms.get(this.#room);
    const unread = room?.reading.unread(chat.me?.id) ?? 0;
    const mentions = room?.reading.mentions(chat.me) ?? 0;
    const link = this.#link;
    link.classList.toggle("unread", unread > 0);
    link.classList.toggle("mentioned", mentions > 0);
    link.classList.toggle("outside", room === undefined);
    link.classList.toggle("muted", muted);
    if (this.#room === chat.current.name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    this.#renderName(chat);
    setText(this.#newest, this.#line(chat));
    const shown = unread > MAX_SHOWN ? `${MAX_SHOWN}+` : unread > 0 ? number(unread) : "";
    setText(this.#badge, mentions > 0 ? `@ ${shown}` : shown);
    this.#badge.title = newsOf(unread, mentions);
  }

  /** @param {Chat} chat */
  #renderName(chat) {
    setText(this.#name, nameOf(chat, this.#room));
    const partner = chat.directory.with(this.#room);
    const shown = JSON.stringify(partner ?? "");
    if (!partner || shown === this.#partner) return;
    this.#partner = shown;
    this.#sign.replaceChildren(avatar(partner));
  }

  /** @param {Chat} chat */
  #line({ directory, me }) {
    const newest = directory.newest(this.#room);
    if (!newest) return "";
    const text = toExcerpt(newest.text);
    if (newest.user_id === me?.id) return t.rooms.line(t.rooms.you, text);
    return isDirect(this.#room) ? text : t.rooms.line(newest.username, text);
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
