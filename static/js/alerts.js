// @ts-check
/// <reference lib="dom" />
/** @import { Level, News } from "./attention.js" */
/** @import { Chat } from "./state/chat.js" */
import { attend } from "./attention.js";
import { AttentionStore } from "./store/attention_store.js";
import { Chime } from "./views/chime.js";
import { askPermission, notify, permission } from "./views/notice.js";

/** What a tab holds while the person is at it begins with this; their id follows. */
const PRESENT = "parley.present.";

/**
 * @typedef {object} AlertsOptions
 * @property {() => Chat | undefined} chat what is known of whoever is signed in
 * @property {(room: string) => void} onOpen is told which room the person follows a call to
 * @property {() => void} onChange is told that the person wants something else now
 */

/** Calls the person to what is new while they look elsewhere, as far as they want that. */
export class Alerts {
  #options;
  #chime = new Chime();
  /** @type {AttentionStore | undefined} */
  #store;
  #userId = "";
  /** @type {(() => void) | undefined} */
  #leave;

  /** @param {AlertsOptions} options */
  constructor(options) {
    this.#options = options;
    for (const type of ["focus", "blur"]) addEventListener(type, () => this.#look());
    document.addEventListener("visibilitychange", () => this.#look());
    navigator.serviceWorker?.addEventListener("message", ({ data }) => {
      if (typeof data?.room === "string") options.onOpen(data.room);
    });
  }

  /**
   * Of which messages of a room the person wants to hear.
   *
   * @param {string} room
   * @returns {Level}
   */
  level(room) {
    return this.#wishes?.level(room) ?? "all";
  }

  /**
   * @param {string} room
   * @param {Level} level
   */
  setLevel(room, level) {
    this.#wishes?.setLevel(room, level);
    this.#options.onChange();
  }

  /** Whether sounds are wanted. */
  get sounds() {
    return this.#wishes?.wishes.sounds ?? false;
  }

  set sounds(sounds) {
    this.#wishes?.change({ sounds });
    if (sounds) this.#chime.sound();
    this.#options.onChange();
  }

  /**
   * How it stands with calls from the desktop: "off" if the person does not want what they once allowed.
   *
   * @returns {"on" | "off" | "ask" | "denied" | "missing"}
   */
  get notifications() {
    const allowed = permission();
    if (allowed === "default") return "ask";
    if (allowed !== "granted") return allowed;
    return this.#wishes?.wishes.notifications ? "on" : "off";
  }

  /**
   * Turns calls from the desktop on or off, at a click of the person's.
   *
   * @param {boolean} notifications
   */
  async setNotifications(notifications) {
    if (notifications && permission() === "default") await askPermission();
    this.#wishes?.change({ notifications });
    this.#options.onChange();
  }

  /**
   * Tells of news, if the person wants to hear and does not see it anyway.
   *
   * @param {News} news
   */
  async tell(news) {
    const chat = this.#options.chat();
    if (!chat || !this.#wishes) return;
    const { notify: calls, sound } = attend(news, {
      level: this.level(news.room),
      present: isPresent() || await isPresentElsewhere(this.#userId),
      open: chat.current.name === news.room && chat.current.reading.watched,
      notifications: this.notifications === "on",
      sounds: this.sounds,
    });
    if (sound) this.#chime.sound();
    if (calls) await notify(news, titleOf(news), this.#options.onOpen);
  }

  /** What the person who is signed in wants. */
  get #wishes() {
    const userId = this.#options.chat()?.me?.id;
    if (userId !== undefined && userId !== this.#userId) {
      this.#leave?.();
      this.#leave = undefined;
      this.#userId = userId;
      this.#store = new AttentionStore(userId);
      this.#look();
    }
    return userId === undefined ? undefined : this.#store;
  }

  /** Sees whether the person is at this tab, for the others to know. */
  #look() {
    const present = isPresent() && this.#userId !== "";
    if (present === (this.#leave !== undefined)) return;
    this.#leave?.();
    this.#leave = undefined;
    if (!present) return;
    const { promise, resolve } = Promise.withResolvers();
    this.#leave = () => resolve(undefined);
    // Pages that are not on HTTPS have no locks: each of their tabs speaks for itself.
    navigator.locks?.request(PRESENT + this.#userId, { mode: "shared" }, () => promise);
  }
}

/** Whether the person is at this tab. */
function isPresent() {
  return document.visibilityState === "visible" && document.hasFocus();
}

/**
 * Whether the person is at another tab.
 *
 * @param {string} userId
 */
async function isPresentElsewhere(userId) {
  const locks = await navigator.locks?.query();
  return locks?.held?.some(({ name }) => name === PRESENT + userId) ?? false;
}

/** @param {News} news */
function titleOf({ author, room }) {
  return room.startsWith("~") ? author : `${author} · #${room}`;
}
