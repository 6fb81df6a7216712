// @ts-check

/** For how long somebody is typing after the last word of it, in milliseconds. */
const TYPING_MS = 5_000;

/** Who is typing in a room. */
export class Typists {
  /** @type {Map<string, { name: string, until: number }>} */
  #typing = new Map();

  /**
   * Takes the word that somebody types.
   *
   * @param {string} userId
   * @param {string} name
   * @param {number} now
   */
  start(userId, name, now) {
    this.#typing.set(userId, { name, until: now + TYPING_MS });
  }

  /**
   * Notes that somebody types no more: they said so, or said what they had to say, or left.
   *
   * @param {string} userId
   */
  stop(userId) {
    this.#typing.delete(userId);
  }

  /** Forgets everybody. */
  clear() {
    this.#typing.clear();
  }

  /**
   * The names of those who are typing, and when the first of them will have stopped (`Infinity` if nobody is).
   *
   * @param {number} now
   */
  at(now) {
    const typing = [...this.#typing.values()].filter(({ until }) => until > now);
    return {
      names: typing.map(({ name }) => name),
      until: Math.min(...typing.map(({ until }) => until)),
    };
  }
}
