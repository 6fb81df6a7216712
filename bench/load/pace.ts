import type { Sender } from "./sender.ts";

/** Sends at a fixed rate, whatever becomes of it: one sender after the other. */
export class Pace {
  readonly #intervalMs: number;
  readonly #senders: readonly Sender[];
  #dueAt = performance.now();
  #turn = 0;

  constructor(perSecond: number, senders: readonly Sender[]) {
    this.#intervalMs = 1000 / perSecond;
    this.#senders = senders;
  }

  /** Sends what is due, and tells in how many milliseconds the next is. */
  send(now: number): number {
    for (; this.#dueAt <= now; this.#dueAt += this.#intervalMs) {
      this.#senders[this.#turn++ % this.#senders.length]!.send(1);
    }
    return this.#dueAt - now;
  }
}
