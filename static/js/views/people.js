// @ts-check
/// <reference lib="dom" />
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { Chat } from "../state/chat.js" */
import { number } from "../format.js";
import { language, t } from "../strings.js";
import { avatar, byId, element, setText } from "./dom.js";

/** Who is in the room. Each of the others leads to the direct room with them. */
export class PeopleView {
  #list = byId("people", HTMLUListElement);
  #number = byId("people-number", HTMLElement);
  #more = byId("people-more", HTMLElement);
  #problem = byId("people-problem", HTMLElement);
  #toggle = byId("people-toggle", HTMLButtonElement);
  #count = byId("people-count", HTMLElement);
  #shown = "";
  #room = "";
  #onMessage;

  /**
   * @param {object} options
   * @param {(user: User) => Promise<void>} options.onMessage rejects, with a sentence for the person, if there can be no
   *   direct room
   */
  constructor({ onMessage }) {
    this.#onMessage = onMessage;
  }

  /** @param {Chat} chat */
  render(chat) {
    const { count, name, people } = chat.current;
    setText(this.#number, count > 0 ? number(count) : "");
    setText(this.#count, count > 0 ? number(count) : "");
    this.#toggle.setAttribute("aria-label", t.people.toggle(count));
    const others = count - people.size;
    setText(this.#more, others > 0 ? t.people.more(others) : "");
    if (name !== this.#room) setText(this.#problem, "");
    this.#room = name;

    const users = [...people.values()].sort((a, b) => a.name.localeCompare(b.name, language));
    const shown = JSON.stringify([chat.me?.id, users]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const focused = this.#focused;
    this.#list.replaceChildren(
      ...users.map((user) => user.id === chat.me?.id ? me(user) : this.#other(user)),
    );
    if (focused !== undefined) this.#button(focused)?.focus();
  }

  /** The id of the person whose button has the focus. */
  get #focused() {
    const { activeElement } = document;
    return this.#list.contains(activeElement)
      ? /** @type {HTMLElement} */ (activeElement).dataset.user
      : undefined;
  }

  /** @param {string} userId */
  #button(userId) {
    return [...this.#list.querySelectorAll("button")].find(({ dataset }) =>
      dataset.user === userId
    );
  }

  /** @param {User} user */
  #other(user) {
    const button = element(
      "button",
      {
        type: "button",
        class: "person",
        "aria-label": t.rooms.message(user.name),
        title: t.rooms.message(user.name),
        "data-user": user.id,
        click: () => this.#open(user),
      },
      avatar(user),
      element("bdi", { class: "name" }, user.name),
    );
    return element("li", {}, button);
  }

  /** @param {User} user */
  async #open(user) {
    setText(this.#problem, "");
    try {
      await this.#onMessage(user);
    } catch (error) {
      setText(this.#problem, error instanceof Error ? error.message : String(error));
    }
  }
}

/** @param {User} user */
function me(user) {
  return element(
    "li",
    { class: "person" },
    avatar(user),
    element("bdi", { class: "name" }, user.name),
    element("span", { class: "you" }, t.common.you),
  );
}
