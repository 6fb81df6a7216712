// @ts-check
/// <reference lib="dom" />
/** @import { Chat } from "../state/chat.js" */
/** @import { Pane } from "../place.js" */
import { GENERAL } from "../place.js";
import { isDirect } from "../state/directory.js";
import { nameOf } from "../state/sections.js";
import { t } from "../strings.js";
import { avatar, byId, setText } from "./dom.js";

const NARROW = matchMedia("(width < 45rem)");
const WIDE = matchMedia("(width >= 70rem)");

/**
 * @typedef {object} PageActions
 * @property {() => void} onBack goes up from the pane that is shown
 * @property {() => void} onPeople shows the people, where they are a pane of their own
 * @property {(button: HTMLButtonElement) => void} onCopyLink
 * @property {() => void} onLeave
 * @property {() => void} onStar stars the room, or takes its star
 */

/** The frame around everything: panes, the head of the room, the title of the window. */
export class PageView {
  #app = byId("app", HTMLElement);
  #back = byId("back", HTMLButtonElement);
  #sign = byId("room-sign", HTMLElement);
  #roomName = byId("room-name", HTMLElement);
  #toggle = byId("people-toggle", HTMLButtonElement);
  #peopleBack = byId("people-back", HTMLButtonElement);
  #leave = byId("leave", HTMLButtonElement);
  #copy = byId("copy-link", HTMLButtonElement);
  #stars = ["star", "star-room"].map((id) => byId(id, HTMLButtonElement));
  #shownSign = "";

  /** @param {PageActions} actions */
  constructor({ onBack, onCopyLink, onLeave, onPeople, onStar }) {
    this.#back.addEventListener("click", onBack);
    this.#peopleBack.addEventListener("click", onBack);
    this.#leave.addEventListener("click", onLeave);
    this.#copy.addEventListener("click", () => onCopyLink(this.#copy));
    for (const star of this.#stars) star.addEventListener("click", onStar);
    this.#toggle.addEventListener("click", () => {
      if (NARROW.matches) onPeople();
      else this.#fold(this.#app.dataset.people === "open");
    });
    WIDE.addEventListener("change", () => this.#fold(!WIDE.matches));
    this.#fold(!WIDE.matches);
  }

  /** Whether there is room for one pane only. */
  get narrow() {
    return NARROW.matches;
  }

  /** Whether it is shown at all. */
  get open() {
    return !this.#app.hidden;
  }

  set open(open) {
    this.#app.hidden = !open;
  }

  /** @param {Pane} pane */
  show(pane) {
    this.#app.dataset.pane = pane;
  }

  /** Puts the focus where somebody goes on who came to the people. */
  focusPeople() {
    this.#peopleBack.focus();
  }

  /**
   * @param {Chat} chat
   * @param {boolean} starred whether the room that is open is
   */
  render(chat, starred) {
    const { name } = chat.current;
    const { unread } = chat;
    const elsewhere = unread - chat.current.reading.unread(chat.me?.id);
    this.#back.classList.toggle("unread", elsewhere > 0);
    const label = elsewhere > 0 ? t.rooms.backUnread(elsewhere) : t.rooms.back;
    this.#back.setAttribute("aria-label", label);
    setText(this.#roomName, nameOf(chat, name));
    this.#renderSign(chat);
    this.#copy.hidden = isDirect(name);
    this.#leave.hidden = name === GENERAL || isDirect(name);
    for (const star of this.#stars) star.setAttribute("aria-pressed", String(starred));
  }

  /** @param {Chat} chat */
  #renderSign({ current: { name }, directory }) {
    const partner = directory.with(name);
    const shown = partner ? JSON.stringify(partner) : isDirect(name) ? "" : "#";
    if (shown === this.#shownSign) return;
    this.#shownSign = shown;
    this.#sign.replaceChildren(partner ? avatar(partner) : shown);
  }

  /** @param {boolean} folded */
  #fold(folded) {
    this.#app.dataset.people = folded ? "folded" : "open";
    this.#toggle.setAttribute("aria-expanded", String(!folded));
  }
}
