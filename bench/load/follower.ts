import type { Connection } from "./connection.ts";
import type { Histogram } from "./histogram.ts";
import type { Room } from "./room.ts";
import type { Stream } from "./stream.ts";

/** A member who only listens: told the same as all others of the room. */
export class Follower {
  /** How many messages it was told. */
  count = 0;
  readonly #room: Room;
  readonly #latencyOf: (sender: number) => Histogram;
  #stream: Stream;
  #offset = 0;

  /** `latencyOf` is what takes how long the deliveries of a sender's messages took. */
  constructor(connection: Connection, room: Room, latencyOf: (sender: number) => Histogram) {
    this.#room = room;
    this.#latencyOf = latencyOf;
    this.#stream = room.streams[0]!;
    connection.hear = (bytes, from, to) => this.#hear(bytes, from, to);
  }

  #hear(bytes: Uint8Array<ArrayBuffer>, from: number, to: number): void {
    if (!this.#stream.matches(this.#offset, bytes, from, to)) {
      this.#stream = this.#room.other(this.#stream, this.#offset, bytes, from, to);
    }
    const stream = this.#stream;
    const known = stream.end - this.#offset;
    if (known < to - from) stream.extend(bytes, from + known, to);
    this.#offset += to - from;

    const now = performance.now();
    for (; stream.isBefore(this.count, this.#offset); this.count++) {
      this.#latencyOf(stream.senderOf(this.count)).add(now - stream.sentAt(this.count));
    }
  }
}
