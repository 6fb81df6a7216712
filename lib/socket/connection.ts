import type { Credentials } from "../auth/credentials.ts";
import { identify } from "../auth/identify.ts";
import type { Batch } from "../chat/batch.ts";
import type { Answer } from "../chat/changes.ts";
import {
  forbidden,
  notJoined,
  type Refused,
  refused,
  tooFast,
  unavailable,
} from "../chat/outcome.ts";
import type { Watcher } from "../chat/news.ts";
import { partner } from "../chat/directs.ts";
import type { Member, Room } from "../chat/room.ts";
import { may } from "../model/may.ts";
import { isDirectName } from "../model/names.ts";
import type { User } from "../model/user.ts";
import { type Direct, type Standing, StoreUnavailableError } from "../store/store.ts";
import { CLOSE } from "../wire/codes.ts";
import { encodeEvent, viewMessage } from "../wire/encode.ts";
import { parseCommands } from "../wire/parse.ts";
import type {
  ChangeCommand,
  Command,
  JoinCommand,
  LeaveCommand,
  PrivateEvent,
  ReadCommand,
  Ref,
  SendCommand,
  TypingCommand,
} from "../wire/protocol.ts";
import type { OpenConnection } from "./connections.ts";
import { InOrder } from "./in_order.ts";
import { Outbox } from "./outbox.ts";
import { exceedsBytes, Peer } from "./peer.ts";
import { type ConnectionServices, NAME_KEPT_MS } from "./services.ts";
import { TokenBucket } from "./token_bucket.ts";

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
  readonly #rooms = new Map<string, Room>();
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
        this.#refuse(refused("bad_request", "A frame must be text: this one is binary")),
      onGone: (code) => this.#end(code),
      // In order, so that it comes after the answer to a join that is under way.
      onRelieved: () => this.#inOrder.run(() => this.#showPeople()),
    }, { address, pressure: services.pressure });
    this.#outbox = new Outbox({
      peer: this.#peer,
      tick: services.tick,
      meter: services.meter,
      plain: false,
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
    if (!this.#rooms.has(room)) this.#services.news.watch(this, room, seq);
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
    const { config, connections, directs, instance, presence, store, tokens, version } =
      this.#services;
    await this.#peer.opened;
    const identity = await identify(credentials, tokens);
    if ("code" in identity) return this.close(identity.code, identity.reason);

    const { user, guest, moderator = false } = identity;
    const held = await presence.attach({ user, keepMs: guest ? 0 : NAME_KEPT_MS });
    if (!held) return this.close(CLOSE.nameTaken, "somebody else holds this name");
    const standings = await store.standings(user);
    const theirs = standings.some(({ room }) => isDirectName(room))
      ? await directs.ofUser(user.id)
      : new Map<string, Direct>();
    // A token that was brought is handed back, as a new one would outlive it.
    const token = credentials.kind === "token"
      ? credentials.token
      : await tokens.sign(user, { guest });
    if (this.#peer.gone) return presence.depart(user.id, [], 0);

    this.#user = user;
    this.#moderator = moderator;
    connections.identify(this, user.id);
    for (const { room, seq } of standings) this.follow(room, seq);
    this.#reply({
      type: "welcome",
      user,
      token,
      ...(moderator && { moderator }),
      instance,
      version,
      limits: {
        message_chars: config.maxMessageChars,
        frame_bytes: config.maxFrameBytes,
        messages_per_second: config.messagesPerSecond,
        message_burst: config.messageBurst,
        rooms: config.roomsPerConnection,
        history: config.historyOnJoin,
      },
      search: store.searchable,
      rooms: standings.map(({ room, read, unread, mentions, newest }) => ({
        room,
        read,
        unread,
        mentions,
        newest,
        with: partner(theirs.get(room), user.id),
      })),
    });
  }

  #tellOf({ room, unread, mentions, newest }: Standing, direct?: Direct): void {
    const other = partner(direct, this.user.id);
    this.#reply({ type: "room_changed", room, unread, mentions, newest, with: other });
  }

  #read(text: string, now: number): void {
    this.#services.meter.framesIn++;
    const limit = this.#services.config.maxFrameBytes;
    if (exceedsBytes(text, limit)) {
      return this.#refuse(refused("too_long", `A frame may have at most ${limit} bytes`));
    }
    for (const command of parseCommands(text)) {
      if (this.#peer.gone) return;
      if (command.type === "error") {
        this.#refuse(refused(command.code, command.message), command.ref);
      } else this.#admit(command, now);
    }
  }

  #admit(command: Command, now: number): void {
    const waitMs = this.#commands.take(now);
    if (waitMs > 0) this.#refuse(tooFast(waitMs), command.ref);
    else this.#inOrder.run(() => this.#do(command, now));
  }

  #do(command: Command, now: number): void {
    if (this.#peer.gone) return;
    switch (command.type) {
      case "join":
        return this.#inOrder.waitFor(this.#join(command));
      case "leave":
        return this.#inOrder.waitFor(this.#leave(command));
      case "typing":
        return this.#typing(command);
      case "read":
        return this.#inOrder.waitFor(this.#readUpTo(command));
      case "ping":
        return this.#reply({ type: "pong", ref: command.ref });
      default:
        this.#change(command, now);
    }
  }

  async #join(command: JoinCommand): Promise<void> {
    const { lobby, presence } = this.#services;
    const { ref, room: name } = command;
    try {
      const obstacle = await this.#obstacle(name);
      if (obstacle) return this.#refuse(obstacle, ref);
      if (!this.#rooms.has(name)) {
        const room = await lobby.open(name);
        if (this.#peer.gone) return;
        const moved = await presence.enter(this.user.id, name);
        if (this.#peer.gone) return await presence.exit(this.user.id, name);
        this.#rooms.set(name, room);
        if (moved) await room.told(moved);
        if (this.#peer.gone) return;
      }
      // Again, since a room that nobody was in for so long may be forgotten by now.
      const room = await lobby.open(name);
      if (this.#peer.gone) return;
      this.#rooms.set(name, room);
      await this.#enter(room, command);
    } catch (error) {
      this.#refuse(unavailable(error), ref);
    }
  }

  async #enter(room: Room, { ref, since, limit = Infinity }: JoinCommand): Promise<void> {
    // What the room tells from here on waits, to come after the answer.
    this.#outbox.hold();
    try {
      const { config, connections, news } = this.#services;
      const entrance = room.join(this, Math.min(limit, config.historyOnJoin));
      news.unwatch(this, room.name);
      for (const other of connections.of(this.user.id, this)) other.follow(room.name, entrance.seq);
      const missed = since && await room.recover(since);
      this.#reply({
        type: "joined",
        ref,
        room: room.name,
        epoch: entrance.epoch,
        seq: missed ? Math.max(entrance.seq, since!.seq) : entrance.seq,
        recovered: missed !== undefined,
        messages: (missed ?? entrance.messages).map((message) =>
          viewMessage(message, this.user.id)
        ),
        count: entrance.count,
        users: entrance.users,
        with: partner(room.direct, this.user.id),
      });
    } finally {
      this.#outbox.release();
    }
  }

  /** Tells who is in each room now of which joins and leaves were kept from this connection. */
  #showPeople(): void {
    for (const name of this.#outbox.takeMissed().keys()) {
      const room = this.#rooms.get(name);
      if (!room?.has(this)) continue;
      const { epoch, seq, count, users } = room.join(this, 0);
      this.#reply({
        type: "joined",
        room: name,
        epoch,
        seq,
        recovered: true,
        messages: [],
        count,
        users,
        with: partner(room.direct, this.user.id),
      });
    }
  }

  async #obstacle(room: string): Promise<Refused | undefined> {
    const { config: { roomsPerConnection }, directs } = this.#services;
    const refusal = await directs.refusal(this.user, "join", room);
    if (refusal) return refusal;
    return this.#rooms.has(room) || this.#rooms.size < roomsPerConnection
      ? undefined
      : refused("too_many", `A connection may join at most ${roomsPerConnection} rooms`);
  }

  async #leave({ ref, room: name }: LeaveCommand): Promise<void> {
    const room = this.#rooms.get(name);
    if (!room) return this.#refuse(notJoined(name), ref);
    const { presence, store } = this.#services;
    this.#rooms.delete(name);
    room.leave(this);
    await presence.exit(this.user.id, name);
    try {
      await store.withdraw(this.user.id, name);
    } catch (error) {
      return this.#refuse(unavailable(error), ref);
    }
    this.#reply({ type: "left", ref, room: name });
    // A direct room stays one of its two people's.
    if (room.direct && !this.#peer.gone) this.follow(name, room.delivered);
  }

  #typing({ ref, room: name, on }: TypingCommand): void {
    const room = this.#rooms.get(name);
    if (!room) return this.#refuse(notJoined(name), ref);
    if (!may(this.user, "typing", name, room)) return this.#refuse(forbidden("typing", name), ref);
    room.typing(this.user, on);
  }

  async #readUpTo({ ref, room, seq }: ReadCommand): Promise<void> {
    const { connections, directs, lobby, readMarkers } = this.#services;
    try {
      const refusal = await directs.refusal(this.user, "read", room);
      if (refusal) return this.#refuse(refusal, ref);
    } catch (error) {
      return this.#refuse(unavailable(error), ref);
    }
    const mark = { userId: this.user.id, room, seq };
    readMarkers.note(mark);
    for (const other of connections.of(this.user.id, this)) other.hearRead(room, seq);
    lobby.read(mark);
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
    if (command.type === "send") this.#services.changes.send(room, this.user, command, answer);
    else this.#alter(command, room, answer).catch((error) => this.#fail(error));
  }

  #alter(
    command: Exclude<ChangeCommand, SendCommand>,
    room: Room,
    answer: Answer,
  ): Promise<void> {
    const { changes } = this.#services;
    switch (command.type) {
      case "edit":
        return changes.edit(room, this.user, command.id, command.text, answer);
      case "delete":
        return changes.delete(
          room,
          this.user,
          { id: command.id, moderator: this.#moderator },
          answer,
        );
      case "react":
        return changes.react(room, this.user, command, answer);
    }
  }

  #reply(event: PrivateEvent): void {
    this.#outbox.reply(encodeEvent(event));
  }

  #refuse({ code, message, retryAfterMs }: Refused, ref?: Ref): void {
    this.#inOrder.run(() =>
      this.#reply({ type: "error", ref, code, message, retry_after_ms: retryAfterMs })
    );
    if (code !== "unavailable") this.#peer.refused();
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
    for (const room of this.#rooms.values()) room.leave(this);
    if (!this.#user || this.#dismissed) return;
    // Only a connection that broke may come back to its place in silence.
    const afterMs = BREAKS.has(code) ? config.graceS * 1000 : 0;
    presence.depart(this.#user.id, [...this.#rooms.keys()], afterMs);
  }
}

/** Codes with which a connection breaks, and does not leave: a page that reloads says 1001, a lost one 1005 or 1006. */
const BREAKS: ReadonlySet<number> = new Set([1001, 1005, 1006, 1011, 1012]);
