import { assert } from "@std/assert";
import type { Change } from "../../lib/model/change.ts";
import type { JoinedEvent } from "../../lib/wire/protocol.ts";
import type { FullLog } from "./full_log.ts";

/** What one connection is told in one room from `joined` on, held against the full log. */
export class Visit {
  readonly #log: FullLog;
  readonly #room: string;
  /** Up to here nothing is missing. */
  #reached: number;
  #last = 0;

  /** It begins with the answer to `join`. */
  constructor(log: FullLog, { room, seq }: JoinedEvent) {
    assert(seq <= log.head(room), `${room} does not stand at ${seq} yet`);
    this.#log = log;
    this.#room = room;
    this.#reached = seq;
  }

  /** The newest change that the connection was told of. */
  get last(): number {
    return this.#last;
  }

  /** Takes a change. Fails unless it is true, comes in order and once, and leaves out only what was overtaken. */
  take(change: Change): void {
    const { room, seq } = change;
    assert(seq > this.#last, `${room} told ${seq} after ${this.#last}`);
    this.#last = seq;
    this.#log.confirm(change);
    for (let skipped = this.#reached + 1; skipped < seq; skipped++) {
      const entry = this.#log.entries(this.#room)[skipped - 1];
      assert(
        entry && this.#log.isOvertaken(entry.change),
        `${room} told ${seq} and left out ${skipped}`,
      );
    }
    this.#reached = Math.max(this.#reached, seq);
  }
}
