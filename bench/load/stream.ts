import { areSame } from "./libc.ts";
import { findKey, KEY_BYTES, readKey } from "./texts.ts";
import type { Sent } from "./sent.ts";

/** A message takes at least so many bytes of a stream: its text is longer. */
const MIN_MESSAGE_BYTES = 64;

/**
 * What a room tells its members, who are all told the same: the first to read it is looked into, the others are
 * compared with it byte for byte.
 *
 * So each message is looked for once, and a member who lost or repeated one is found without looking for it.
 */
export class Stream {
  /** How many bytes were told. */
  end = 0;
  /** How many messages they hold. */
  messages = 0;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #mask: number;
  /** Where each message's key ends, and when the message was sent. */
  readonly #ends: Float64Array;
  readonly #sentAt: Float64Array;
  readonly #from: Uint16Array;
  readonly #messageMask: number;
  readonly #senders: readonly Sent[];
  /** How many messages of each sender were told. */
  #told: number[];
  /** The last bytes, in which a key may have begun. */
  #tail = new Uint8Array(0);

  /** `capacity` is how far members may lie apart, in bytes: a power of two. */
  constructor(senders: readonly Sent[], capacity: number) {
    this.#senders = senders;
    this.#told = senders.map(() => 0);
    this.#bytes = new Uint8Array(capacity);
    this.#mask = capacity - 1;
    this.#ends = new Float64Array(capacity / MIN_MESSAGE_BYTES);
    this.#sentAt = new Float64Array(this.#ends.length);
    this.#from = new Uint16Array(this.#ends.length);
    this.#messageMask = this.#ends.length - 1;
  }

  /** Whether `bytes` from `from` to `to` are what was told from `offset` on, as far as it was told. */
  matches(offset: number, bytes: Uint8Array<ArrayBuffer>, from: number, to: number): boolean {
    if (this.end - offset > this.#bytes.length) {
      throw new Error("A member of a room has fallen further behind another than is provided for");
    }
    const known = Math.min(to - from, this.end - offset);
    if (known === 0) return true;
    const at = offset & this.#mask;
    const first = Math.min(known, this.#bytes.length - at);
    return areSame(
      this.#bytes.subarray(at, at + first),
      bytes.subarray(from, from + first),
      first,
    ) &&
      (first === known ||
        areSame(this.#bytes, bytes.subarray(from + first, from + known), known - first));
  }

  /** Takes what was not told before; there is room for a key in front of `from`. */
  extend(bytes: Uint8Array<ArrayBuffer>, from: number, to: number): void {
    const start = from - this.#tail.length;
    bytes.set(this.#tail, start);
    for (let at = start; (at = findKey(bytes, at, to)) >= 0; at += KEY_BYTES) {
      this.#note(bytes, at, this.end + at + KEY_BYTES - from);
    }
    this.#tail = bytes.slice(Math.max(start, to - (KEY_BYTES - 1)), to);
    const at = this.end & this.#mask;
    const first = Math.min(to - from, this.#bytes.length - at);
    this.#bytes.set(bytes.subarray(from, from + first), at);
    this.#bytes.set(bytes.subarray(from + first, to), 0);
    this.end += to - from;
  }

  /** Whether a message, counted from 0, was told before `offset`. */
  isBefore(message: number, offset: number): boolean {
    return message < this.messages && this.#ends[message & this.#messageMask]! <= offset;
  }

  /** When a message was sent. */
  sentAt(message: number): number {
    return this.#sentAt[message & this.#messageMask]!;
  }

  /** Whose message it was: a place among the senders. */
  senderOf(message: number): number {
    return this.#from[message & this.#messageMask]!;
  }

  /** The same as it was at `offset`: members whose instances cut their frames otherwise are told other bytes from there on. */
  fork(offset: number): Stream {
    const fork = new Stream(this.#senders, this.#bytes.length);
    fork.#bytes.set(this.#bytes);
    fork.#ends.set(this.#ends);
    fork.#sentAt.set(this.#sentAt);
    fork.#from.set(this.#from);
    fork.#told = [...this.#told];
    fork.end = offset;
    fork.messages = this.messages;
    while (fork.messages > 0 && !this.isBefore(fork.messages - 1, offset)) {
      fork.messages--;
      fork.#told[this.#from[fork.messages & this.#messageMask]!]!--;
    }
    fork.#tail = new Uint8Array(Math.min(KEY_BYTES - 1, offset));
    for (let back = 1; back <= fork.#tail.length; back++) {
      fork.#tail[fork.#tail.length - back] = this.#bytes[offset - back & this.#mask]!;
    }
    return fork;
  }

  #note(bytes: Uint8Array, at: number, end: number): void {
    const { sender, number } = readKey(bytes, at);
    const expected = this.#told[sender];
    if (number !== expected) {
      throw new Error(`Sender ${sender}'s message ${number} was told where ${expected} was due`);
    }
    this.#told[sender] = number + 1;
    this.#ends[this.messages & this.#messageMask] = end;
    this.#sentAt[this.messages & this.#messageMask] = this.#senders[sender]!.at(number);
    this.#from[this.messages & this.#messageMask] = sender;
    this.messages++;
  }
}
