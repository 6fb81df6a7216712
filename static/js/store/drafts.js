// @ts-check
/// <reference lib="dom" />

const PREFIX = "parley.draft.";

/** What a person has written and not sent, room by room. Where the browser keeps nothing it lasts as long as the page. */
export class Drafts {
  #prefix;

  /** @param {string} userId */
  constructor(userId) {
    this.#prefix = `${PREFIX}${userId}.`;
  }

  /** @param {string} room */
  read(room) {
    try {
      return localStorage.getItem(this.#prefix + room) ?? "";
    } catch {
      return "";
    }
  }

  /**
   * @param {string} room
   * @param {string} text
   */
  write(room, text) {
    try {
      if (text === "") localStorage.removeItem(this.#prefix + room);
      else localStorage.setItem(this.#prefix + room, text);
    } catch {
      // The storage is forbidden or full: the draft is still in the page.
    }
  }

  /** Forgets all of them: the person signs out. */
  clear() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.#prefix));
      for (const key of keys) localStorage.removeItem(key);
    } catch {
      // There is nothing to forget where nothing is kept.
    }
  }
}
