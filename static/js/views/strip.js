// @ts-check
/// <reference lib="dom" />
/** @import { Chat } from "../state/chat.js" */
import { typing } from "../format.js";
import { Outage } from "../state/outage.js";
import { byId, sentence, setText } from "./dom.js";

const KEPT = "Your messages are kept.";
/** Where the browser keeps nothing, as in some private windows. */
const KEPT_IN_PAGE = "Your messages are kept as long as this page is open.";

const BACK = "Back online.";

/** What the line above the composer says of the connection: its state, and what that means for the person. */
const LINKS = Object.freeze({
  connecting: { state: "", note: "" },
  connected: { state: "Connected", note: "" },
  reconnecting: { state: "Reconnecting…", note: KEPT },
  offline: { state: "Offline", note: KEPT },
  ended: {
    state: "Offline",
    note: "Reload the page to come back.",
  },
});

/** The line above the composer: who is typing, and how it stands with the connection. It always has its place. */
export class StripView {
  #typing = byId("typing", HTMLElement);
  #note = byId("link-note", HTMLElement);
  #link = byId("link", HTMLElement);
  #shown = "";
  #outage = new Outage();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Chat} chat
   * @param {number} now
   */
  render(chat, now) {
    const { state, note } = LINKS[chat.link];
    const toldUntil = this.#outage.note(chat.link, now);
    const told = toldUntil > now;
    setText(this.#link, state);
    setText(this.#note, told ? BACK : note === KEPT && !chat.kept ? KEPT_IN_PAGE : note);
    this.#link.dataset.link = chat.link;

    const { names, until } = chat.current.typists.at(now);
    const shown = JSON.stringify(names);
    if (shown !== this.#shown) this.#typing.replaceChildren(...sentence(typing(names)));
    this.#shown = shown;
    clearTimeout(this.#timer);
    const next = Math.min(until, told ? toldUntil : Infinity);
    if (next < Infinity) this.#timer = setTimeout(() => this.render(chat, Date.now()), next - now);
  }
}
