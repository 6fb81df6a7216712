// @ts-check
/// <reference lib="dom" />

const PREFIX = "parley.stars.";

/** Which rooms a person has starred, in this browser. Where it keeps nothing it lasts as long as the page. */
export class Stars {
  #userId = "";
  /** @type {ReadonlySet<string>} */
  #rooms = new Set();

  constructor() {
    // Another tab of the person's may change them.
    addEventListener("storage", ({ key }) => {
      if (key === PREFIX + this.#userId) this.#rooms = read(key);
    });
  }

  /**
   * Keeps the stars of this person from now on.
   *
   * @param {string} userId
   */
  serve(userId) {
    if (userId === this.#userId) return;
    this.#userId = userId;
    this.#rooms = read(PREFIX + userId);
  }

  /** @param {string} room */
  has(room) {
    return this.#rooms.has(room);
  }

  /**
   * Stars a room, or takes its star.
   *
   * @param {string} room
   */
  toggle(room) {
    const rooms = new Set(this.#rooms);
    if (!rooms.delete(room)) rooms.add(room);
    this.#rooms = rooms;
    try {
      localStorage.setItem(PREFIX + this.#userId, JSON.stringify([...this.#rooms]));
    } catch {
      // The storage is forbidden or full: it holds for this page.
    }
  }
}

/**
 * @param {string} key
 * @returns {ReadonlySet<string>}
 */
function read(key) {
  try {
    return new Set(JSON.parse(localStorage.getItem(key) ?? "[]"));
  } catch {
    return new Set();
  }
}
