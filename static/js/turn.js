// @ts-check
/// <reference lib="dom" />

/**
 * Whose turn it is, of all tabs that want the same: one has it until it gives it up or dies. Where the browser cannot
 * tell, all have it.
 */
export class Turn {
  #name;
  #onTurn;
  #mine = false;
  /** @type {AbortController | undefined} */
  #wanted;

  /**
   * @param {string} name
   * @param {() => void} onTurn is told when it is this tab's turn
   */
  constructor(name, onTurn) {
    this.#name = name;
    this.#onTurn = onTurn;
  }

  /** Whether it is this tab's turn. */
  get mine() {
    return this.#mine;
  }

  /** Stands in line. */
  want() {
    if (this.#wanted) return;
    const wanted = new AbortController();
    const { signal } = wanted;
    this.#wanted = wanted;
    if (!navigator.locks) return this.#begin();
    navigator.locks.request(this.#name, { signal }, () => {
      if (signal.aborted) return;
      this.#begin();
      return new Promise((resolve) => signal.addEventListener("abort", resolve));
    }).catch(() => {
      // Given up before it came.
    });
  }

  /** Gives the turn up, or the place in the line. */
  giveUp() {
    this.#mine = false;
    this.#wanted?.abort();
    this.#wanted = undefined;
  }

  #begin() {
    this.#mine = true;
    this.#onTurn();
  }
}
