// @ts-check
/// <reference lib="dom" />
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { Chat } from "../state/chat.js" */
import { number } from "../format.js";
import { language, t } from "../strings.js";
import { avatar, byId, element, setText } from "./dom.js";

const ORDER = new Intl.Collator(language, { sensitivity: "base", numeric: true });

/** Who is in the room. */
export class PeopleView {
  #list = byId("people", HTMLUListElement);
  #number = byId("people-number", HTMLElement);
  #more = byId("people-more", HTMLElement);
  #toggle = byId("people-toggle", HTMLButtonElement);
  #count = byId("people-count", HTMLElement);
  #shown = "";

  /** @param {Chat} chat */
  render(chat) {
    const { count, people } = chat.current;
    setText(this.#number, count > 0 ? number(count) : "");
    setText(this.#count, count > 0 ? number(count) : "");
    this.#toggle.setAttribute("aria-label", t.people.toggle(count));
    const others = count - people.size;
    setText(this.#more, others > 0 ? t.people.more(others) : "");

    const users = [...people.values()].sort((a, b) => ORDER.compare(a.name, b.name));
    const shown = JSON.stringify(users);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#list.replaceChildren(...users.map((user) => person(user, user.id === chat.me?.id)));
  }
}

/**
 * @param {User} user
 * @param {boolean} isMe
 */
function person(user, isMe) {
  const name = element("bdi", { class: "name" }, user.name);
  const you = isMe ? [element("span", { class: "you" }, t.common.you)] : [];
  return element("li", { class: "person" }, avatar(user), name, ...you);
}
