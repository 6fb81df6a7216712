import type { Credentials } from "../auth/credentials.ts";
import type { Batch } from "../chat/batch.ts";
import type { Answer } from "../chat/changes.ts";
import { partner } from "../chat/directs.ts";
import type { Member } from "../chat/members.ts";
import type { Watcher } from "../chat/news.ts";
import {
  forbidden,
  notJoined,
  type Refused,
  refused,
  tooFast,
  unavailable,
} from "../chat/outcome.ts";
import { may } from "../model/may.ts";
import { isDirectName } from "../model/names.ts";
import type { User } from "../model/user.ts";
import { type Direct, type Standing, StoreUnavailableError } from "../store/store.ts";
import { CLOSE } from "../wire/codes.ts";
import { encodeEvent } from "../wire/encode.ts";
import { parseCommands } from "../wire/parse.ts";
import type {
  ChangeCommand,
  Command,
  ErrorEvent,
  PrivateEvent,
  ReadCommand,
  Ref,
  TypingCommand,
} from "../wire/protocol.ts";
import type { OpenConnection } from "./connections.ts";
import { InOrder } from "./in_order.ts";
import { JoinedRooms } from "./joined_rooms.ts";
import { Outbox } from "./outbox.ts";
import { exceedsBytes, Peer } from "./peer.ts";
import type { ConnectionServices } from "./services.ts";
import { TokenBucket } from "./token_bucket.ts";
import { welcome } from "./welcome.ts";

/** How many other commands a connection may send for each message that a user may send. */
const COMMANDS_PER_MESSAGE = 10;

/** A client that speaks `parley.v1`: reads commands in order, answers each, and is a member of the rooms it joined. */
export class Connection implements Member, OpenConnection, Watcher {
  readonly mode = "v1";
  readonly plain = false;
  readonly #services: ConnectionServices;
  readonly #peer: Peer;
  readonly #outbox: Outbox;
  readonly #commands: TokenBucket;
  readonly #rooms: JoinedRooms;
  readonly #inOrder = new InOrder((error) => this.#fail(error));
  /** Whether the server sent it away: its person stays until the lease runs out, or comes back elsewhere. */
  #dismissed = false;
  #user: User | undefined;
  #moderator = false;

  /** Takes a socket that is being opened; the credentials are checked once it is. */
  constructor(
    socket: WebSocket,
    credentials: Credentials,
    services: ConnectionServices,
    address: string,
  ) {
    this.#services = services;
    this.#peer = new Peer(socket, {
      onText: (text, now) => this.#read(text, now),
      onBinary: () =>
        this.#reject(refused("bad_request", "A frame must be text: this one is binary")),
      onGone: (code) => this.#end(code),
      // In order, so that it comes after the answer to a join that is under way.
      onRelieved: () => this.#inOrder.run(() => this.#rooms.showPeople()),
    }, { address, pressure: services.pressure });
    this.#outbox = new Outbox({
      peer: this.#peer,
      tick: services.tick,
      meter: services.meter,
      plain: false,
    });
    this.#rooms = new JoinedRooms({
      connection: this,
      peer: this.#peer,
      outbox: this.#outbox,
      services,
    });
    const { messageBurst, messagesPerSecond } = services.config;
    this.#commands = new TokenBucket(
      messageBurst * COMMANDS_PER_MESSAGE,
      messagesPerSecond * COMMANDS_PER_MESSAGE,
      performance.now(),
    );
    services.connections.add(this);
    this.#inOrder.waitFor(this.#start(credentials));
  }

  /** Whom it speaks for. It is a member of a room only when that is known. */
  get user(): User {
    if (!this.#user) {
      throw new TypeError("Cannot tell the user as the connection was not welcomed yet");
    }
    return this.#user;
  }

  get userId(): string | undefined {
    return this.#user?.id;
  }

  receive(batch: Batch, from: number): void {
    this.#outbox.receive(batch, from);
  }

  hear(standing: Standing): void {
    if (!isDirectName(standing.room)) return this.#tellOf(standing);
    this.#services.directs.of(standing.room).then(
      (direct) => this.#tellOf(standing, direct),
      // Told with the next change.
      () => {},
    );
  }

  hearRead(room: string, seq: number): void {
    this.#reply({ type: "read", room, seq });
  }

  follow(room: string, seq: number): void {
    if (!this.#rooms.get(room)) this.#services.news.watch(this, room, seq);
  }

  dismiss(reconnectAfterMs: number): void {
    this.#dismissed = true;
    this.#reply({
      type: "bye",
      reason: "the server goes away",
      reconnect_after_ms: reconnectAfterMs,
    });
    this.close(CLOSE.goingAway, "the server goes away");
  }

  close(code: number, reason: string): void {
    this.#outbox.close();
    this.#peer.close(code, reason);
  }

  async #start(credentials: Credentials): Promise<void> {
    const { connections, presence } = this.#services;
    await this.#peer.opened;
    const welcomed = await welcome(credentials, this.#services);
    if ("code" in welcomed) return this.close(welcomed.code, welcomed.reason);
    const { event, rooms } = welcomed;
    if (this.#peer.gone) return presence.depart(event.user.id, [], 0);

    this.#user = event.user;
    this.#moderator = event.moderator ?? false;
    connections.identify(this, event.user.id);
    for (const { room, seq } of rooms) this.follow(room, seq);
    this.#reply(event);
  }

  #tellOf({ room, unread, mentions, newest }: Standing, direct?: Direct): void {
    const other = partner(direct, this.user.id);
    this.#reply({ type: "room_changed", room, unread, mentions, newest, with: other });
  }

  #read(text: string, now: number): void {
    this.#services.meter.framesIn++;
    const limit = this.#services.config.maxFrameBytes;
    if (exceedsBytes(text, limit)) {
      return this.#reject(refused("too_long", `A frame may have at most ${limit} bytes`));
    }
    for (const command of parseCommands(text)) {
      if (this.#peer.gone) return;
      if (command.type === "error") {
        this.#reject(refused(command.code, command.message), command.ref);
      } else this.#admit(command, now);
    }
  }

  #admit(command: Command, now: number): void {
    const waitMs = this.#commands.take(now);
    if (waitMs > 0) this.#reject(tooFast(waitMs), command.ref);
    else this.#inOrder.run(() => this.#do(command, now));
  }

  #do(command: Command, now: number): void {
    if (this.#peer.gone) return;
    switch (command.type) {
      case "join":
        return this.#await(this.#rooms.join(command), command.ref);
      case "leave":
        return this.#await(this.#rooms.leave(command), command.ref);
      case "typing":
        return this.#typing(command);
      case "read":
        return this.#await(this.#readUpTo(command), command.ref);
      case "ping":
        return this.#reply({ type: "pong", ref: command.ref });
      default:
        this.#change(command, now);
    }
  }

  #typing({ ref, room: name, on }: TypingCommand): void {
    const room = this.#rooms.get(name);
    if (!room) return this.#refuse(notJoined(name), ref);
    if (!may(this.user, "typing", name, room)) return this.#refuse(forbidden("typing", name), ref);
    room.typing(this.user, on);
  }

  async #readUpTo({ room, seq }: ReadCommand): Promise<Refused | undefined> {
    const { connections, directs, lobby, readMarkers } = this.#services;
    const refusal = await directs.refusal(this.user, "read", room);
    if (refusal) return refusal;
    const mark = { userId: this.user.id, room, seq };
    readMarkers.note(mark);
    for (const other of connections.of(this.user.id, this)) other.hearRead(room, seq);
    lobby.poster.read(mark);
  }

  #change(command: ChangeCommand, now: number): void {
    const { ref } = command;
    const room = this.#rooms.get(command.room);
    if (!room) return this.#refuse(notJoined(command.room), ref);
    const waitMs = this.#services.allowances.take(this.user.id, now);
    if (waitMs > 0) return this.#refuse(tooFast(waitMs), ref);
    const answer: Answer = (outcome) => {
      if (outcome.ok) this.#reply({ type: "ack", ref, id: outcome.id, seq: outcome.seq });
      else this.#refuse(outcome, ref);
    };
    const { changes } = this.#services;
    if (command.type === "send") return changes.send(room, this.user, command, answer);
    const person = { user: this.user, moderator: this.#moderator };
    changes.alter(room, person, command, answer).catch((error) => this.#fail(error));
  }

  /** Keeps what comes later waiting until something was done, or refused by what it answers. */
  #await(work: Promise<Refused | undefined>, ref: Ref | undefined): void {
    const answered = work.catch(unavailable).then((refusal) => {
      if (refusal) this.#refuse(refusal, ref);
    });
    this.#inOrder.waitFor(answered);
  }

  #reply(event: PrivateEvent): void {
    this.#outbox.reply(encodeEvent(event));
  }

  /** Refuses what was asked in its turn. */
  #refuse(refusal: Refused, ref?: Ref): void {
    this.#reply(errorEvent(refusal, ref));
    if (refusal.code !== "unavailable") this.#peer.refused();
  }

  /** Refuses what has no turn: it counts at once, and is told after the answers to what came before it. */
  #reject(refusal: Refused, ref?: Ref): void {
    this.#inOrder.run(() => this.#reply(errorEvent(refusal, ref)));
    this.#peer.refused();
  }

  #fail(error: unknown): void {
    if (error instanceof StoreUnavailableError) {
      // Told once for all, by what watches the store.
      return this.close(CLOSE.internal, "the store does not answer");
    }
    this.#services.log.error("A connection failed", { error });
    this.close(CLOSE.internal, "the server failed");
  }

  #end(code: number): void {
    const { config, connections, news, presence } = this.#services;
    connections.delete(this, code);
    news.forget(this);
    this.#rooms.end();
    if (!this.#user || this.#dismissed) return;
    // Only a connection that broke may come back to its place in silence.
    const afterMs = BREAKS.has(code) ? config.graceS * 1000 : 0;
    presence.depart(this.#user.id, this.#rooms.names, afterMs);
  }
}

function errorEvent({ code, message, retryAfterMs }: Refused, ref?: Ref): ErrorEvent {
  return { type: "error", ref, code, message, retry_after_ms: retryAfterMs };
}

/** Codes with which a connection breaks, and does not leave: a page that reloads says 1001, a lost one 1005 or 1006. */
const BREAKS: ReadonlySet<number> = new Set([1001, 1005, 1006, 1011, 1012]);
