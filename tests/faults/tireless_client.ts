import { assert } from "@std/assert";
import {
  type ChangeCommand,
  type Command,
  type ErrorEvent,
  type Event,
  type JoinedEvent,
  SUBPROTOCOL,
  TOKEN_SUBPROTOCOL,
} from "../../lib/wire/protocol.ts";
import { comesBack } from "../../lib/wire/codes.ts";
import type { Change } from "../../lib/model/change.ts";
import { delay } from "../helpers/delay.ts";
import { ClientQueue } from "../simulation/client_queue.ts";
import { ClientRoom } from "../simulation/client_room.ts";
import type { Random } from "../simulation/random.ts";
import { TirelessNotes } from "./tireless_notes.ts";
import { ROOM, TirelessWishes } from "./tireless_wishes.ts";

export { ROOM };

/** How long a client may take to come back, in milliseconds; each time in vain doubles it. */
const MAX_RETURN_MS = 20;
const MAX_BACKOFF_MS = 1_000;
/** How long a connection may take until the client is in the room, in milliseconds. */
const ENTERING_MS = 5_000;
const JOIN_REF = "join";

/** Where clients come to. */
export interface Place {
  readonly url: string;
  readonly ws: string;
  /** Resolves when somebody answers there. */
  readonly up: Promise<void>;
}

/** How a client goes about it. */
export interface Temper {
  /** How many commands it has under way at a time; where an outcome may be unknown, more than one may lose their order. */
  readonly window: number;
  /** How long it waits after each command, in milliseconds. */
  readonly paceMs?: number;
}

/** What a client asked for, and what became of it. */
export interface Asked {
  readonly command: ChangeCommand;
  /** How often it was sent. */
  attempts: number;
  /** The acknowledgement, or that there is no such message any more. */
  answer?: { readonly id: string; readonly seq: number } | "not_found";
}

/** A client that sends on and on, and sends again in order what was not acknowledged when it lost its connection. */
export class TirelessClient {
  /** All that it ever asked for, in order, by `ref`; the `ref` of a send is its nonce too. */
  readonly asked = new Map<string, Asked>();
  /** The room as it knows it. */
  readonly room: ClientRoom;
  /** What befell it. */
  readonly notes = new TirelessNotes();
  /** Rejects when anything was not as promised. */
  readonly failed: Promise<never>;
  readonly #place: Place;
  readonly #random: Random;
  readonly #temper: Temper;
  readonly #queue: ClientQueue;
  readonly #wishes: TirelessWishes;
  readonly #fail: (reason: unknown) => void;
  readonly #entered = Promise.withResolvers<void>();
  #drained = Promise.withResolvers<void>();
  #unanswered = 0;
  #tired = true;
  #mayAskAt = 0;
  #pumping: ReturnType<typeof setTimeout> | undefined;
  #socket: WebSocket | undefined;
  #entering: ReturnType<typeof setTimeout> | undefined;
  /** The newest change that came by this connection. */
  #heard = 0;
  #inside = false;
  #failures = 0;
  #bye: { readonly at: number; readonly askedMs: number } | undefined;
  #stays = true;

  private constructor(
    place: Place,
    random: Random,
    temper: Temper,
    readonly user: { readonly id: string; readonly name: string },
    readonly token: string,
  ) {
    this.#place = place;
    this.#random = random;
    this.#temper = temper;
    this.#queue = new ClientQueue(temper.window);
    this.#wishes = new TirelessWishes(random);
    this.room = new ClientRoom(user.id);
    const { promise, reject } = Promise.withResolvers<never>();
    this.failed = promise;
    this.#fail = reject;
    promise.catch(() => {});
  }

  /** Takes a name, and enters the room. */
  static async start(
    place: Place,
    name: string,
    random: Random,
    temper: Temper = { window: random.integer(2, 6) },
  ): Promise<TirelessClient> {
    const response = await fetch(`${place.url}/api/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name }),
    });
    assert(response.ok, `${name} cannot sign in: ${response.status}`);
    const { user, token } = await response.json();
    const client = new TirelessClient(place, random, temper, user, token);
    client.#connect();
    await Promise.race([client.#entered.promise, client.failed]);
    return client;
  }

  /** Whether it is in the room by its present connection. */
  get isInside(): boolean {
    return this.#inside;
  }

  /** Begins to ask: once all are in, so that each holds the room from its first message. */
  begin(): void {
    this.#tired = false;
    // A crowd that begins together does not go on in step.
    this.#mayAskAt = Date.now() + this.#random.integer(0, this.#temper.paceMs ?? 0);
    this.#pump();
  }

  /** Asks for nothing more until it begins again; resolves when all was answered, rejects if anything was not as promised. */
  finish(): Promise<void> {
    this.#tired = true;
    this.#drained = Promise.withResolvers();
    this.#drainIfEmpty();
    return Promise.race([this.#drained.promise, this.failed]);
  }

  /** Says that it is typing. */
  type(): void {
    this.#send({ type: "typing", room: ROOM, on: true });
  }

  /** Does not come back when it loses its connection. */
  stayAway(): void {
    this.#stays = false;
  }

  /** Leaves for good. */
  leave(): void {
    this.#stays = false;
    clearTimeout(this.#pumping);
    clearTimeout(this.#entering);
    if (this.#socket) this.#socket.onclose = null;
    this.#socket?.close();
  }

  #connect(): void {
    if (!this.#stays) return;
    const protocols = [SUBPROTOCOL, TOKEN_SUBPROTOCOL + this.token];
    const socket = new WebSocket(this.#place.ws, protocols);
    this.#socket = socket;
    this.#heard = 0;
    socket.onmessage = ({ data }) => {
      try {
        for (const event of [JSON.parse(data)].flat()) this.#hear(event);
      } catch (error) {
        this.#fail(error);
      }
    };
    socket.onerror = (event) => event.preventDefault();
    const once = { done: false };
    const lose = (code: number) => {
      if (once.done) return;
      once.done = true;
      this.#return(code);
    };
    socket.onclose = ({ code }) => lose(code);
    // A peer that is stopped takes connections and says nothing.
    this.#entering = setTimeout(() => {
      socket.onmessage = null;
      socket.close();
      lose(CLOSE_OF_A_LOST_ONE);
    }, ENTERING_MS);
  }

  async #return(code: number): Promise<void> {
    clearTimeout(this.#entering);
    this.#inside = false;
    this.notes.closes.push(code);
    if (!this.#stays) return;
    if (!comesBack(code)) {
      this.#stays = false;
      return this.#fail(new Error(`${this.user.name} was closed: ${code}`));
    }
    this.#queue.interrupt();
    if (this.#bye) await delay(this.#bye.askedMs);
    await this.#place.up;
    const most = Math.min(MAX_RETURN_MS * 2 ** this.#failures++, MAX_BACKOFF_MS);
    setTimeout(() => this.#connect(), this.#random.integer(0, most));
  }

  #hear(event: Event): void {
    switch (event.type) {
      case "welcome":
        this.notes.instance = event.instance;
        return this.#join();
      case "joined":
        return this.#enter(event);
      case "bye":
        this.#bye = { at: performance.now(), askedMs: event.reconnect_after_ms };
        return;
      case "ack":
        return this.#settle(String(event.ref), { id: event.id, seq: event.seq });
      case "error":
        return this.#takeError(event);
      case "user_joined":
        this.notes.moves++;
        this.room.people.add(event.user_id);
        return;
      case "user_left":
        this.notes.moves++;
        this.room.people.delete(event.user_id);
        return;
      case "typing":
        if (event.on) this.notes.typists.push(event.user_id);
        return;
      case "chat_message":
        this.#wishes.hear(event.id);
        return this.#apply(event);
      case "message_edited":
      case "message_deleted":
      case "reaction":
        return this.#apply(event);
    }
  }

  #join(): void {
    this.#send({ type: "join", room: ROOM, ref: JOIN_REF, since: this.room.since });
  }

  #enter(joined: JoinedEvent): void {
    const isKnown = joined.recovered || !this.room.since;
    assert(isKnown, `${this.user.name} was not brought up to date`);
    this.room.enter(joined);
    clearTimeout(this.#entering);
    const now = performance.now();
    this.#inside = true;
    this.#failures = 0;
    this.notes.enteredAt = now;
    if (this.#bye) {
      const { at, askedMs } = this.#bye;
      this.notes.returns.push({ askedMs, tookMs: now - at });
      this.#bye = undefined;
    }
    this.#entered.resolve();
    this.#pump();
  }

  #apply(change: Change): void {
    const isNext = change.seq > this.#heard;
    assert(isNext, `${this.user.name} heard ${change.seq} after ${this.#heard}`);
    this.#heard = change.seq;
    this.room.apply(change);
  }

  #takeError({ ref, code, message, retry_after_ms }: ErrorEvent): void {
    if (code !== "unavailable") {
      assert(code === "not_found", `${this.user.name} was refused: ${message}`);
      return this.#settle(String(ref), "not_found");
    }
    this.notes.unavailable++;
    assert(retry_after_ms, `${this.user.name} was not told when to try again: ${message}`);
    if (ref === JOIN_REF) return void setTimeout(() => this.#join(), retry_after_ms);
    this.#queue.hold(String(ref), Date.now(), retry_after_ms);
    this.#pump();
  }

  #settle(ref: string, answer: NonNullable<Asked["answer"]>): void {
    const asked = this.asked.get(ref)!;
    assert(asked.answer === undefined, `${ref} was answered twice`);
    asked.answer = answer;
    if (asked.command.type === "send" && answer !== "not_found") this.#wishes.said(answer.id);
    this.#queue.remove(ref);
    this.#unanswered--;
    this.#drainIfEmpty();
    this.#pump();
  }

  #drainIfEmpty(): void {
    if (this.#tired && this.#unanswered === 0) this.#drained.resolve();
  }

  /** Asks for as much as it may by now, sends what may be sent, and comes back when more may be. */
  #pump(): void {
    clearTimeout(this.#pumping);
    const { window, paceMs = 0 } = this.#temper;
    const now = Date.now();
    while (!this.#tired && this.#unanswered < window && now >= this.#mayAskAt) {
      this.#ask();
      if (paceMs > 0) this.#mayAskAt = now + paceMs;
    }
    if (this.#inside) {
      for (const { ref, command, attempts } of this.#queue.take(now)) {
        this.asked.get(ref)!.attempts = attempts;
        this.#send(command);
      }
    }
    const nextAt = Math.max(this.#queue.heldUntil, this.#tired ? 0 : this.#mayAskAt);
    if (nextAt > now) this.#pumping = setTimeout(() => this.#pump(), nextAt - now + 1);
  }

  #ask(): void {
    const ref = `${this.user.name} ${this.asked.size}`;
    const command = { ...this.#wishes.next(ref), ref };
    this.asked.set(ref, { command, attempts: 0 });
    this.#queue.add(ref, command);
    this.#unanswered++;
  }

  #send(command: Command): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(command));
  }
}

/** What a socket is closed with that broke (RFC 6455, 7.4.1). */
const CLOSE_OF_A_LOST_ONE = 1006;
