import type { Connection } from "./connection.ts";
import type { Histogram } from "./histogram.ts";
import { Marker } from "./marker.ts";
import { REF, TEXT } from "./plan.ts";
import type { Sent } from "./sent.ts";
import { makeText } from "./texts.ts";

/** How a {@linkcode Sender} is wired. */
export interface SenderOptions {
  readonly connection: Connection;
  /** Its place among the senders. */
  readonly index: number;
  readonly sent: Sent;
  /** The frame that it sends, with {@linkcode TEXT} and {@linkcode REF} in it. */
  readonly frame: string;
  readonly acknowledged: string;
  readonly delivered: string;
  /** Takes how long each acknowledgement took. */
  readonly ack: Histogram;
  /** Whether it sends another message for each that was acknowledged. */
  readonly goesOn: () => boolean;
  /** Whether the room has been told enough of what was said before. */
  readonly mayGoOn: () => boolean;
}

/** A member who sends: it is told things that nobody else is, so its messages are counted in the bytes. */
export class Sender {
  /** How many messages it was told. */
  count = 0;
  readonly #options: SenderOptions;
  /** How many messages were acknowledged for which it has sent no other yet. */
  #owed = 0;
  readonly #connection: Connection;
  readonly #index: number;
  readonly #sent: Sent;
  /** What stands around texts and numbers, in turn with which of them stands there. */
  readonly #pieces: readonly string[];
  readonly #acknowledged: Marker;
  readonly #delivered: Marker;
  readonly #ack: Histogram;
  /** The last bytes, in which a marker may have begun. */
  #tail = new Uint8Array(0);

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#connection = options.connection;
    this.#index = options.index;
    this.#sent = options.sent;
    this.#pieces = options.frame.split(new RegExp(`(${TEXT}|${REF})`));
    this.#acknowledged = new Marker(options.acknowledged);
    this.#delivered = new Marker(options.delivered);
    this.#ack = options.ack;
    options.connection.hear = (bytes, from, to) => this.#hear(bytes, from, to);
  }

  /** Sends so many messages at once. */
  send(count: number): void {
    const frames: string[] = [];
    for (; count > 0; count--) {
      const number = this.#sent.count;
      const text = makeText(this.#index, number);
      frames.push(
        this.#pieces.map((piece) =>
          piece === TEXT ? text : piece === String(REF) ? String(number) : piece
        ).join(""),
      );
      this.#sent.add(performance.now());
    }
    this.#connection.send(frames);
  }

  #hear(bytes: Uint8Array<ArrayBuffer>, from: number, to: number): void {
    bytes.set(this.#tail, from - this.#tail.length);
    this.count += this.#count(this.#delivered, bytes, from, to);
    const acknowledged = this.#count(this.#acknowledged, bytes, from, to);
    const longest = Math.max(this.#delivered.length, this.#acknowledged.length) - 1;
    this.#tail = bytes.slice(Math.max(from - this.#tail.length, to - longest), to);
    if (acknowledged === 0) return;
    const now = performance.now();
    for (let left = acknowledged; left > 0; left--) {
      this.#ack.add(now - this.#sent.at(this.#sent.acknowledged++));
    }
    this.#owed += acknowledged;
    this.goOn();
  }

  /** Sends what it may: no faster than people are told, as those who talk listen too. */
  goOn(): void {
    const { goesOn, mayGoOn } = this.#options;
    if (this.#owed === 0 || !goesOn()) return;
    if (!mayGoOn()) return;
    const owed = this.#owed;
    this.#owed = 0;
    this.send(owed);
  }

  /** Counts a marker that ends between `from` and `to`, and may begin before. */
  #count(marker: Marker, bytes: Uint8Array, from: number, to: number): number {
    return marker.count(bytes, from - Math.min(this.#tail.length, marker.length - 1), to);
  }
}
