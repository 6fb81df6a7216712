// @ts-check
/// <reference lib="dom" />
import { whoIsHere } from "../format.js";
import { t } from "../strings.js";
import { named } from "../strings/grammar.js";
import { byId, sentence, setText, TOUCH } from "./dom.js";

/** The card on which somebody says who they are. */
export class SignInView {
  #page = byId("sign-in", HTMLElement);
  #form = /** @type {HTMLFormElement} */ (this.#page.querySelector("form"));
  #lead = byId("sign-in-lead", HTMLElement);
  #name = byId("your-name", HTMLInputElement);
  #here = byId("sign-in-here", HTMLElement);
  #problem = byId("sign-in-problem", HTMLElement);

  /**
   * `onJoin` is told the name; what it rejects with is shown.
   *
   * @param {{ onJoin: (name: string) => Promise<void> }} options
   */
  constructor({ onJoin }) {
    this.#form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (this.#form.hasAttribute("aria-busy")) return;
      const name = this.#name.value.trim();
      if (name === "") return this.#complain(t.signIn.noName);
      this.#form.setAttribute("aria-busy", "true");
      setText(this.#problem, "");
      await onJoin(name).catch((error) => this.#complain(error.message));
      this.#form.removeAttribute("aria-busy");
    });
  }

  /**
   * Shows the card.
   *
   * @param {{ room: string, name?: string, problem?: string }} content
   */
  show({ room, name, problem = "" }) {
    this.#lead.replaceChildren(...sentence(t.signIn.lead({ room: named(`#${room}`) })));
    if (name !== undefined) this.#name.value = name;
    this.#form.removeAttribute("aria-busy");
    this.#page.hidden = false;
    this.#complain(problem);
  }

  /**
   * Says who is in the room already, if that is known.
   *
   * @param {{ count: number, names: readonly string[] } | undefined} here
   */
  showHere(here) {
    this.#here.replaceChildren(...(here ? sentence(whoIsHere(here.names, here.count)) : []));
  }

  /** Takes the card away. */
  hide() {
    this.#page.hidden = true;
  }

  /** @param {string} problem */
  #complain(problem) {
    setText(this.#problem, problem);
    this.#name.setAttribute("aria-invalid", String(problem !== ""));
    if (TOUCH.matches) return;
    this.#name.focus();
    this.#name.select();
  }
}
