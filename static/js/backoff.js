// @ts-check

/**
 * How long to wait before each attempt to connect: full jitter (a random part of a ceiling that doubles), so that
 * the clients of a server that fell do not all come back at once.
 */
export class Backoff {
  #baseMs;
  #capMs;
  #steadyMs;
  #random;
  #failures = 0;
  /** @type {number | undefined} */
  #askedMs;

  /**
   * The ceiling begins at `baseMs` and ends at `capMs`. A connection that lived for `steadyMs` sets it back; one that
   * was shorter does not, or a server that welcomes and then fails would be hammered. `random` gives numbers from 0 to 1.
   *
   * @param {{ baseMs?: number, capMs?: number, steadyMs?: number, random?: () => number }} [options]
   */
  constructor({ baseMs = 500, capMs = 5_000, steadyMs = 5_000, random = Math.random } = {}) {
    this.#baseMs = baseMs;
    this.#capMs = capMs;
    this.#steadyMs = steadyMs;
    this.#random = random;
  }

  /**
   * The milliseconds to wait before the next attempt.
   *
   * @returns {number}
   */
  next() {
    const asked = this.#askedMs;
    this.#askedMs = undefined;
    if (asked !== undefined) return asked;
    const ceiling = Math.min(this.#capMs, this.#baseMs * 2 ** this.#failures);
    this.#failures++;
    return Math.round(this.#random() * ceiling);
  }

  /**
   * Notes that a connection ended that had lived for so many milliseconds.
   *
   * @param {number} ms
   */
  lived(ms) {
    if (ms >= this.#steadyMs) this.#failures = 0;
  }

  /**
   * Takes the server's own word on when to come back: it paces its clients itself.
   *
   * @param {number} ms
   */
  ask(ms) {
    this.#askedMs = ms;
  }

  /** Goes to the highest ceiling at once, for a client that was sent away since it asked too much. */
  slowDown() {
    this.#failures = Math.max(this.#failures, Math.ceil(Math.log2(this.#capMs / this.#baseMs)));
  }
}
