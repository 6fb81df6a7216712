import type { Batch } from "../chat/batch.ts";
import type { Flushable, Tick } from "../chat/tick.ts";
import type { Meter } from "../meter.ts";
import { encodeFrame } from "../wire/encode.ts";
import type { Peer } from "./peer.ts";
import { CONGESTED_BYTES, TOO_SLOW_BYTES } from "./pressure.ts";
import { spare } from "./spared.ts";

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
}

/** What waits for one peer until the tick's end: its own replies first, then what its rooms tell everyone. */
export class Outbox implements Flushable {
  readonly #options: OutboxOptions;
  #replies: string[] = [];
  #batches: { readonly batch: Batch; readonly from: number }[] = [];
  #held = false;
  /** The rooms whose presence was kept from the peer, each with the newest event of it. */
  #missed: Map<string, string> | undefined;

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
    const { peer, plain, meter } = this.#options;
    if (peer.gone) return;
    const waiting = peer.waitingBytes;
    if (waiting > TOO_SLOW_BYTES) return peer.giveUp();

    const [first] = batches;
    const isShared = batches.length === 1 && first!.from === 0 && replies.length === 0 && !plain;
    if (waiting > CONGESTED_BYTES) return this.#sendLater(replies, batches, isShared);
    if (isShared) {
      meter.deliveries += first!.batch.size;
      return peer.send(first!.batch.frame);
    }
    let count = replies.length;
    for (const { batch, from } of batches) {
      const events = batch.events(from);
      count += events.length;
      meter.deliveries += events.length;
      if (from === 0 && !plain) replies.push(batch.joined);
      else replies.push(...events);
    }
    if (plain) { for (const frame of replies) peer.send(frame); }
    else if (count > 0) peer.send(count === 1 ? replies[0]! : `[${replies.join(",")}]`);
  }

  /** Sends what waits, so that the socket can be closed after it. What a reply would have come before is left out. */
  close(): void {
    if (this.#held) this.#batches = [];
    this.#held = false;
    this.flush();
    this.#options.peer.flush();
  }

  /** The rooms whose presence was kept from the peer since the last call, each with the newest event of it. */
  takeMissed(): ReadonlyMap<string, string> {
    const missed = this.#missed ?? new Map();
    this.#missed = undefined;
    return missed;
  }

  /** Sends what a peer must have for whom much waits already, when it has read that. */
  #sendLater(
    frames: string[],
    batches: readonly { readonly batch: Batch; readonly from: number }[],
    isShared: boolean,
  ): void {
    const { peer, plain, meter } = this.#options;
    for (const { batch, from } of batches) {
      const { lasting, frame, missed } = spare(batch, from);
      meter.deliveries += lasting.length;
      meter.drops += batch.size - from - lasting.length;
      if (missed.size > 0) this.#missed ??= new Map();
      for (const [room, event] of missed) this.#missed!.set(room, event);
      if (!isShared) frames.push(...lasting);
      else if (frame !== undefined) frames.push(frame);
    }
    peer.sendLater(plain || frames.length === 0 ? frames : [encodeFrame(frames)]);
  }

  #flushSoon(): void {
    this.#options.tick.request("outbox", this);
  }
}
