import { assert } from "@std/assert";
import type { Change } from "../../lib/model/change.ts";
import type { JoinedEvent } from "../../lib/wire/protocol.ts";
import type { FullLog } from "./full_log.ts";

/** What a client knows when a visit begins. */
export interface Beginning {
  /** The answer to `join`. */
  readonly joined: JoinedEvent;
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
  /** Whether older changes may follow it: the client was ahead of the instance, or its connection was told before. */
  readonly overlaps: boolean;
}

/** What one connection is told in one room from `joined` on, held against the full log. */
export class Visit {
  /** Whether what is told may be older than the answer to `join`. */
  readonly overlaps: boolean;
  readonly #log: FullLog;
  readonly #epoch: string;
  readonly #at: number;
  /** Up to here nothing is missing. */
  #reached: number;
  #last: number;

  /** It begins with the answer to `join`. */
  constructor(log: FullLog, { joined: { room, epoch, seq }, at, overlaps }: Beginning) {
    const isTrue = log.isVoid(epoch) || seq <= log.head(room);
    assert(isTrue, `${room} does not stand at ${seq} yet`);
    this.#epoch = epoch;
    this.overlaps = overlaps;
    this.#log = log;
    this.#at = at;
    this.#reached = seq;
    this.#last = overlaps ? 0 : seq;
  }

  /** Whether what is told is worth nothing, as the store was wound back. */
  get isVoid(): boolean {
    return this.#log.isVoid(this.#epoch);
  }

  /** The newest change that the connection was told of. */
  get last(): number {
    return this.#last;
  }

  /**
   * Takes a change, and answers how late it comes, in milliseconds. Fails unless it is true, comes in order and once, and
   * leaves out only what was overtaken.
   */
  take(change: Change, now: number): number {
    if (this.isVoid) return 0;
    const { room, seq } = change;
    const entries = this.#log.entries(room);
    assert(seq > this.#last, `${room} told ${seq} after ${this.#last}`);
    this.#log.confirm(change);
    for (let skipped = this.#reached + 1; skipped < seq; skipped++) {
      const entry = entries[skipped - 1];
      assert(
        entry && this.#log.isOvertaken(entry.change),
        `${room} told ${seq} and left out ${skipped}`,
      );
    }
    this.#last = seq;
    this.#reached = Math.max(this.#reached, seq);
    return now - Math.max(this.#at, entries[seq - 1]!.at);
  }
}
