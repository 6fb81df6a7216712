// @ts-check
/// <reference lib="dom" />
/** @import { Level } from "../attention.js" */

const PREFIX = "parley.attention.";
/** @type {readonly string[]} */
const LEVELS = ["all", "mentions", "none"];

/**
 * @typedef {object} Wishes
 * @property {boolean} notifications whether the desktop may call the person, if the browser lets it
 * @property {boolean} sounds
 * @property {Readonly<Record<string, Level>>} levels of the rooms of which the person has said something
 */

/** @type {Wishes} */
const DEFAULTS = Object.freeze({ notifications: true, sounds: true, levels: {} });

/** What a person wants to hear of, in this browser. Where it keeps nothing it lasts as long as the page. */
export class AttentionStore {
  #key;
  #wishes;

  /** @param {string} userId */
  constructor(userId) {
    this.#key = PREFIX + userId;
    this.#wishes = read(this.#key);
    // Another tab of the person's may change them.
    addEventListener("storage", ({ key }) => {
      if (key === this.#key) this.#wishes = read(this.#key);
    });
  }

  get wishes() {
    return this.#wishes;
  }

  /**
   * Of which messages of a room the person wants to hear: all, if they have not said anything.
   *
   * @param {string} room
   * @returns {Level}
   */
  level(room) {
    return this.#wishes.levels[room] ?? "all";
  }

  /**
   * @param {string} room
   * @param {Level} level
   */
  setLevel(room, level) {
    const { [room]: _, ...others } = this.#wishes.levels;
    this.change({ levels: level === "all" ? others : { ...others, [room]: level } });
  }

  /** @param {Partial<Wishes>} wishes */
  change(wishes) {
    this.#wishes = { ...this.#wishes, ...wishes };
    try {
      localStorage.setItem(this.#key, JSON.stringify(this.#wishes));
    } catch {
      // The storage is forbidden or full: it holds for this page.
    }
  }
}

/**
 * @param {string} key
 * @returns {Wishes}
 */
function read(key) {
  try {
    const { levels = {}, notifications, sounds } = JSON.parse(localStorage.getItem(key) ?? "{}");
    return {
      notifications: notifications ?? DEFAULTS.notifications,
      sounds: sounds ?? DEFAULTS.sounds,
      levels: Object.fromEntries(
        Object.entries(levels).filter(([, level]) => LEVELS.includes(level)),
      ),
    };
  } catch {
    return DEFAULTS;
  }
}
