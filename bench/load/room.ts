import type { Sent } from "./sent.ts";
import { Stream } from "./stream.ts";

/** An isolate more, and members are told the same in other frames: so many ways of being told are provided for. */
const MOST_STREAMS = 16;

/** A room, and what is told in it: the same to all members of one instance. */
export class Room {
  /** The ways in which members are told the same, one for each instance. */
  readonly streams: Stream[];
  /** What its own senders sent. */
  readonly senders: Sent[] = [];
  /** Some of those who are told its messages, who stand for all. */
  readonly witnesses: { readonly count: number }[] = [];
  /** From where on each stream differs from the one that it was forked from. */
  readonly #forkedAt: number[] = [0];

  /** `capacity` is how far members may lie apart, in bytes: a power of two. */
  constructor(senders: readonly Sent[], capacity: number) {
    this.streams = [new Stream(senders, capacity)];
  }

  /** How many messages were sent to it. */
  get sent(): number {
    return this.senders.reduce((sum, { count }) => sum + count, 0);
  }

  /** How many messages were sent that the slowest of its witnesses has not been told of. */
  get untold(): number {
    let least = Infinity;
    for (const { count } of this.witnesses) least = Math.min(least, count);
    return this.sent - least;
  }

  /** The stream of a member who was told the same as `stream` up to `offset`, and now something else. */
  other(
    stream: Stream,
    offset: number,
    bytes: Uint8Array<ArrayBuffer>,
    from: number,
    to: number,
  ): Stream {
    for (const [index, candidate] of this.streams.entries()) {
      const sameBefore = candidate !== stream && this.#forkedAt[index]! >= offset;
      if (sameBefore && candidate.matches(offset, bytes, from, to)) return candidate;
    }
    if (this.streams.length === MOST_STREAMS) {
      throw new Error(
        "Members of a room are told different things: one lost or repeated something",
      );
    }
    const fork = stream.fork(offset);
    this.streams.push(fork);
    this.#forkedAt.push(offset + differsAt(stream, offset, bytes, from, to));
    return fork;
  }
}

/** How many bytes are the same before the first that is not. */
function differsAt(
  stream: Stream,
  offset: number,
  bytes: Uint8Array<ArrayBuffer>,
  from: number,
  to: number,
): number {
  let [same, different] = [0, to - from];
  while (different - same > 1) {
    const middle = same + different >> 1;
    if (stream.matches(offset, bytes, from, from + middle)) same = middle;
    else different = middle;
  }
  return same;
}
