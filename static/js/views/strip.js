// @ts-check
/// <reference lib="dom" />
/** @import { Chat } from "../state/chat.js" */
import { typing } from "../format.js";
import { Outage } from "../state/outage.js";
import { t } from "../strings.js";
import { byId, sentence, setText } from "./dom.js";

/** What the line above the composer says of the connection: its state, and what that means for the person. */
const LINKS = Object.freeze({
  connecting: { state: "", note: "" },
  connected: { state: t.link.connected, note: "" },
  reconnecting: { state: t.link.reconnecting, note: t.link.kept },
  offline: { state: t.link.offline, note: t.link.kept },
  ended: {
    state: t.link.offline,
    note: t.link.reload,
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
    // Some private windows keep nothing.
    const kept = note === t.link.kept && !chat.kept ? t.link.keptInPage : note;
    setText(this.#note, told ? t.link.back : kept);
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
