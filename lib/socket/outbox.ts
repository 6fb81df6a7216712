import type { Batch } from "../chat/batch.ts";
import type { Flushable, Tick } from "../chat/tick.ts";
import type { Meter } from "../meter.ts";
import { CONGESTED_BYTES, type Peer, TOO_SLOW_BYTES } from "./peer.ts";

/** How an {@linkcode Outbox} is wired. */
export interface OutboxOptions {
  /** Where it all goes. */
  readonly peer: Peer;
  /** Flushes the outbox at the end of a turn in which something came in. */
  readonly tick: Tick;
  /** What counts deliveries and drops. */
  readonly meter: Meter;
  /** One frame for each event, in place of one for all of a tick. */
  readonly plain: boolean;
  /** Called when the peer reads too slowly to be kept. */
  readonly onTooSlow: () => void;
}

/** What waits for one peer until the tick's end: its own replies first, then what its rooms tell everyone. */
export class Outbox implements Flushable {
  readonly #options: OutboxOptions;
  #replies: string[] = [];
  #batches: { readonly batch: Batch; readonly from: number }[] = [];
  #held = false;

  /** It is empty at first. */
  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Adds a frame or event for this peer alone, encoded. */
  reply(encoded: string): void {
    this.#replies.push(encoded);
    this.#flushSoon();
  }

  /** Adds what a room tells, from its `from`th event on. */
  receive(batch: Batch, from: number): void {
    this.#batches.push({ batch, from });
    this.#flushSoon();
  }

  /** Keeps everything back until {@linkcode release}, so that a reply that takes time comes before it. */
  hold(): void {
    this.#held = true;
  }

  /** Lets go of what was kept back. */
  release(): void {
    this.#held = false;
    this.#flushSoon();
  }

  /** Sends what waits. */
  flush(): void {
    if (this.#held) return;
    const replies = this.#replies;
    const batches = this.#batches;
    this.#replies = [];
    this.#batches = [];
    const { peer, plain, meter, onTooSlow } = this.#options;
    if (peer.gone) return;
    const waiting = peer.waitingBytes;
    if (waiting > TOO_SLOW_BYTES) return onTooSlow();

    const congested = waiting > CONGESTED_BYTES;
    const [first] = batches;
    const isShared = batches.length === 1 && first!.from === 0 && replies.length === 0;
    if (isShared && !congested && !plain) {
      meter.deliveries += first!.batch.size;
      return peer.send(first!.batch.frame);
    }
    let count = replies.length;
    for (const { batch, from } of batches) {
      const whole = from === 0 && !congested && !plain;
      const events = congested ? batch.lasting(from) : batch.events(from);
      count += events.length;
      meter.deliveries += events.length;
      meter.drops += batch.size - from - events.length;
      if (whole) replies.push(batch.joined);
      else replies.push(...events);
    }
    if (plain) { for (const frame of replies) peer.send(frame); }
    else if (count > 0) peer.send(count === 1 ? replies[0]! : `[${replies.join(",")}]`);
  }

  #flushSoon(): void {
    this.#options.tick.request("outbox", this);
  }
}
