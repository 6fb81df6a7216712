import type { Batch } from "../chat/batch.ts";
import type { Member } from "../chat/members.ts";
import type { Room } from "../chat/room.ts";
import type { User } from "../model/user.ts";
import { CLOSE } from "../wire/codes.ts";
import { encodeEvent, encodeFrame } from "../wire/encode.ts";
import type { Since } from "../wire/protocol.ts";
import type { OpenConnection } from "./connections.ts";
import { joinedEvent } from "./joined_event.ts";
import { CONGESTED_BYTES, type SlowPeer, TOO_SLOW_BYTES } from "./pressure.ts";
import type { ConnectionServices } from "./services.ts";

/** How soon a reader comes back whose connection broke, in milliseconds, until it is told otherwise. */
const RETRY_MS = 1_000;
/** How a reader that cancels is counted: as a socket that broke without a close frame (RFC 6455, 7.1.5). */
const BROKEN = 1006;

const encoder = new TextEncoder();

/** Who reads which room, and how. */
export interface EventStreamOptions {
  /** Who reads. They are not in the room by it: nobody is told. */
  readonly user: User;
  /** What they may read. */
  readonly room: Room;
  /** Whose budget the bytes count against. */
  readonly address: string;
  /** What the server works with. */
  readonly services: ConnectionServices;
  /** Called once, when nothing more comes. */
  readonly onGone: () => void;
}

/**
 * A room's events for a reader over HTTP: server-sent events, as browsers' `EventSource` reads them (HTML, 9.2).
 *
 * What a member gets by a frame is the data of one event here. Its id is the place in the room's log after it, so that a
 * reader who comes back with the last one misses nothing.
 */
export class EventStream implements Member, OpenConnection, SlowPeer {
  readonly mode = "events";
  readonly plain = false;
  /** What the response carries. */
  readonly body: ReadableStream<Uint8Array>;
  readonly address: string;
  readonly #options: EventStreamOptions;
  /** What the stream was not given yet: here frames are shared with other members, and can be dropped. */
  #waiting: string[] = [];
  #waitingChars = 0;
  /** Called when something waits, or nothing more comes. */
  #wake: (() => void) | undefined;
  /** What came before the room could be described; `undefined` once it was. */
  #held: { readonly batch: Batch; readonly from: number }[] | undefined = [];
  #missed = false;
  #gone = false;
  #pulse: ReturnType<typeof setInterval> | undefined;

  /** The reader hears from now on; {@linkcode begin} is to follow. */
  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.address = options.address;
    this.body = new ReadableStream({
      pull: (controller) => this.#pull(controller),
      cancel: () => this.#end(BROKEN),
    }, { highWaterMark: 0 });
    const { connections } = options.services;
    connections.add(this);
    connections.identify(this, options.user.id);
  }

  /** Who reads. */
  get user(): User {
    return this.#options.user;
  }

  get userId(): string {
    return this.user.id;
  }

  get gone(): boolean {
    return this.#gone;
  }

  /** Bytes that wait; a character counts as one. */
  get waitingBytes(): number {
    return this.#waitingChars;
  }

  /** Says where the room stands, and what changed since the reader was last told. Rejects when the store cannot say. */
  async begin(since: Since | undefined): Promise<void> {
    const { room, user, services: { config } } = this.#options;
    const entrance = room.join(this, config.historyOnJoin);
    const missed = since && await room.recover(since);
    if (this.#gone) return;
    const event = joinedEvent(room, entrance, { user, since, missed });
    this.#write(`retry: ${RETRY_MS}\n`);
    this.#tell(encodeEvent(event), event.seq);
    const held = this.#held!;
    this.#held = undefined;
    for (const { batch, from } of held) this.receive(batch, from);
    if (Number.isFinite(config.idleTimeoutS)) {
      this.#pulse = setInterval(() => this.#write(":\n\n"), config.idleTimeoutS * 500);
    }
  }

  receive(batch: Batch, from: number): void {
    if (this.#held) return void this.#held.push({ batch, from });
    if (this.waitingBytes > TOO_SLOW_BYTES) return this.giveUp();
    const { services: { meter, pressure } } = this.#options;
    const congested = this.waitingBytes > CONGESTED_BYTES;
    const events = congested ? batch.lasting(from) : batch.events(from);
    const dropped = batch.size - from - events.length;
    meter.deliveries += events.length;
    meter.drops += dropped;
    this.#missed ||= dropped > 0;
    if (congested) pressure.watch(this);
    if (events.length > 0) {
      this.#tell(from === 0 && dropped === 0 ? batch.frame : encodeFrame(events));
    }
  }

  /** The stream takes what waits by itself. */
  pump(): void {}

  /** Tells who is in the room now, if joins and leaves were kept from the reader. */
  relieve(): void {
    if (!this.#missed) return;
    this.#missed = false;
    const { room, user } = this.#options;
    this.#tell(encodeEvent(joinedEvent(room, room.join(this, 0), { user, missed: [] })));
  }

  giveUp(): void {
    this.#drop();
    this.close(CLOSE.tooSlow);
  }

  dismiss(reconnectAfterMs: number): void {
    this.#write(`retry: ${reconnectAfterMs}\n\n`);
    this.close(CLOSE.goingAway);
  }

  /** A stream tells of one room only. */
  hearRead(): void {}

  /** A stream tells of one room only. */
  follow(): void {}

  close(code: number): void {
    this.#end(code);
  }

  /** Writes an event, whose data is one line as no JSON of ours has another. */
  #tell(data: string, seq = this.#options.room.delivered): void {
    this.#write(`id: ${this.#options.room.epoch}:${seq}\ndata: ${data}\n\n`);
  }

  #write(lines: string): void {
    if (this.#gone) return;
    this.#waiting.push(lines);
    this.#waitingChars += lines.length;
    this.#wake?.();
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    if (this.#waiting.length === 0 && !this.#gone) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    if (this.#waiting.length > 0) controller.enqueue(encoder.encode(this.#waiting.join("")));
    else controller.close();
    this.#drop();
  }

  #drop(): void {
    this.#waiting = [];
    this.#waitingChars = 0;
  }

  /** Nothing is added any more; what waits can still be read. */
  #end(code: number): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#wake?.();
    clearInterval(this.#pulse);
    const { room, services: { connections, pressure }, onGone } = this.#options;
    room.leave(this);
    connections.delete(this, code);
    pressure.forget(this, false);
    onGone();
  }
}
