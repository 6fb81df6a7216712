/** Does things in the order in which they come, where some take time and what follows builds on them. */
export class InOrder {
  readonly #queue: (() => void)[] = [];
  readonly #onFailure: (error: unknown) => void;
  #busy = false;

  /** `onFailure` is called with what a piece of work that takes time rejects with. */
  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  /** Does `work` now, or after what it must wait for. */
  run(work: () => void): void {
    if (this.#busy) this.#queue.push(work);
    else work();
  }

  /** Keeps what comes later waiting until `work` is done. */
  waitFor(work: Promise<void>): void {
    this.#busy = true;
    work.catch(this.#onFailure).then(() => {
      this.#busy = false;
      while (!this.#busy && this.#queue.length > 0) this.#queue.shift()!();
    });
  }
}
