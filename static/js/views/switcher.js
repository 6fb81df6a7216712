// @ts-check
/// <reference lib="dom" />
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { Chat } from "../state/chat.js" */
/** @import { Destination } from "../state/destinations.js" */
import { destinations, likeliest } from "../state/destinations.js";
import { t } from "../strings.js";
import { avatar, byId, element, setText } from "./dom.js";

/** The quick way to a room or to a person: one types a few letters of the name, and Enter goes there. */
export class Switcher {
  #field = element("input", {
    role: "combobox",
    "aria-label": t.goTo.field,
    "aria-autocomplete": "list",
    "aria-controls": "destinations",
    "aria-expanded": "true",
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    placeholder: t.goTo.field,
    enterkeyhint: "go",
    "aria-describedby": "switcher-problem",
    input: () => this.#look(),
    keydown: (event) => this.#key(/** @type {KeyboardEvent} */ (event)),
  });
  #list = element("ul", { id: "destinations", role: "listbox", "aria-label": t.goTo.list });
  #problem = element("p", { id: "switcher-problem", class: "state", role: "status" });
  #dialog = element(
    "dialog",
    { class: "dialog switcher", "aria-label": t.goTo.title },
    this.#field,
    this.#list,
    this.#problem,
  );
  #options;
  /** @type {readonly Destination[]} */
  #offers = [];
  #active = 0;

  /**
   * @param {object} options
   * @param {() => Chat | undefined} options.chat
   * @param {(user: User) => Promise<string>} options.findDirect answers the direct room with somebody; rejects, with a
   *   sentence for the person, if there can be none
   * @param {(room: string) => void} options.onOpen
   */
  constructor(options) {
    this.#options = options;
    document.body.append(this.#dialog);
    byId("go-to", HTMLButtonElement).addEventListener("click", () => this.open());
    // The focus stays in the field.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#dialog.addEventListener("click", ({ target }) => {
      if (target === this.#dialog) this.#dialog.close();
    });
  }

  /** Opens it, or closes it if it is open. */
  open() {
    if (this.#dialog.open) return this.#dialog.close();
    this.#field.value = "";
    this.#dialog.showModal();
    this.#look();
    this.#field.focus();
  }

  #look() {
    const chat = this.#options.chat();
    const here = chat?.current.name;
    const all = chat ? destinations(chat).filter(({ room }) => room !== here) : [];
    this.#offers = likeliest(this.#field.value, all);
    this.#list.replaceChildren(...this.#offers.map((offer, index) => this.#option(offer, index)));
    setText(this.#problem, this.#offers.length === 0 ? t.goTo.nothing : "");
    this.#activate(0);
  }

  /**
   * @param {Destination} destination
   * @param {number} index
   */
  #option(destination, index) {
    const sign = destination.kind === "person"
      ? avatar(destination.user)
      : element("span", { class: "sign", "aria-hidden": "true" }, "#");
    return element(
      "li",
      { id: `destination-${index}`, role: "option", click: () => this.#go(index) },
      sign,
      element("bdi", { class: "name" }, destination.name),
    );
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown") this.#activate(this.#active + 1);
    else if (event.key === "ArrowUp") this.#activate(this.#active - 1);
    else if (event.key === "Enter") this.#go(this.#active);
    else return;
    event.preventDefault();
  }

  /** @param {number} index */
  #activate(index) {
    const { length } = this.#offers;
    this.#active = length === 0 ? 0 : (index + length) % length;
    [...this.#list.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === this.#active));
      if (at === this.#active) option.scrollIntoView({ block: "nearest" });
    });
    this.#field.setAttribute("aria-expanded", String(length > 0));
    if (length === 0) this.#field.removeAttribute("aria-activedescendant");
    else this.#field.setAttribute("aria-activedescendant", `destination-${this.#active}`);
  }

  /** @param {number} index */
  async #go(index) {
    const destination = this.#offers[index];
    if (!destination) return;
    try {
      const room = destination.kind === "room"
        ? destination.room
        : destination.room ?? await this.#options.findDirect(destination.user);
      // The focus goes back to where it was, before it goes on to the room.
      this.#dialog.close();
      this.#options.onOpen(room);
    } catch (error) {
      setText(this.#problem, error instanceof Error ? error.message : String(error));
    }
  }
}
