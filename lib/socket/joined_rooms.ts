import type { Member } from "../chat/members.ts";
import type { Watcher } from "../chat/news.ts";
import { notJoined, type Refused, refused } from "../chat/outcome.ts";
import type { Room } from "../chat/room.ts";
import { encodeEvent } from "../wire/encode.ts";
import type { JoinCommand, LeaveCommand } from "../wire/protocol.ts";
import type { OpenConnection } from "./connections.ts";
import { joinedEvent } from "./joined_event.ts";
import type { Outbox } from "./outbox.ts";
import type { Peer } from "./peer.ts";
import type { ConnectionServices } from "./services.ts";

/** What {@linkcode JoinedRooms} work with. */
export interface JoinedRoomsOptions {
  /** The member of the rooms. */
  readonly connection: Member & OpenConnection & Watcher;
  /** Its socket, which may be gone at any time. */
  readonly peer: Peer;
  /** Where its answers go, and what its rooms tell. */
  readonly outbox: Outbox;
  /** What the server works with. */
  readonly services: ConnectionServices;
}

/** The rooms that a connection has joined: how it comes into them, finds out what it missed, and leaves. */
export class JoinedRooms {
  readonly #options: JoinedRoomsOptions;
  readonly #rooms = new Map<string, Room>();

  /** It has joined none at first. */
  constructor(options: JoinedRoomsOptions) {
    this.#options = options;
  }

  /** Their names. */
  get names(): string[] {
    return [...this.#rooms.keys()];
  }

  /** One of them. */
  get(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  /**
   * Joins a room, or one that was joined already once more, and tells how it stands; answers why it cannot.
   *
   * Rejects when the store does not answer.
   */
  async join(command: JoinCommand): Promise<Refused | undefined> {
    const { connection: { user }, peer, services: { lobby, presence } } = this.#options;
    const { room: name } = command;
    const obstacle = await this.#obstacle(name);
    if (obstacle) return obstacle;
    if (!this.#rooms.has(name)) {
      const room = await lobby.open(name);
      if (peer.gone) return;
      const moved = await presence.enter(user.id, name);
      if (peer.gone) return void await presence.exit(user.id, name);
      this.#rooms.set(name, room);
      if (moved) await room.told(moved);
      if (peer.gone) return;
    }
    // Again, since a room that nobody was in for so long may be forgotten by now.
    const room = await lobby.open(name);
    if (peer.gone) return;
    this.#rooms.set(name, room);
    await this.#enter(room, command);
  }

  /** Leaves a room for good, and says so; answers why it cannot. Rejects when the store does not answer. */
  async leave({ ref, room: name }: LeaveCommand): Promise<Refused | undefined> {
    const room = this.#rooms.get(name);
    if (!room) return notJoined(name);
    const { connection, peer, outbox, services: { presence, store } } = this.#options;
    this.#rooms.delete(name);
    room.leave(connection);
    await presence.exit(connection.user.id, name);
    await store.withdraw(connection.user.id, name);
    outbox.reply(encodeEvent({ type: "left", ref, room: name }));
    // A direct room stays one of its two people's.
    if (room.direct && !peer.gone) connection.follow(name, room.delivered);
  }

  /** Hears nothing more of any room, now that the connection is gone. Its user is there until presence says otherwise. */
  end(): void {
    for (const room of this.#rooms.values()) room.leave(this.#options.connection);
  }

  /** Tells who is in each room now of which joins and leaves were kept from the connection. */
  showPeople(): void {
    const { connection, outbox } = this.#options;
    for (const name of outbox.takeMissed().keys()) {
      const room = this.#rooms.get(name);
      if (!room?.has(connection)) continue;
      const reader = { user: connection.user, missed: [] };
      outbox.reply(encodeEvent(joinedEvent(room, room.join(connection, 0), reader)));
    }
  }

  async #obstacle(room: string): Promise<Refused | undefined> {
    const { connection, services: { config, directs } } = this.#options;
    const refusal = await directs.refusal(connection.user, "join", room);
    if (refusal) return refusal;
    return this.#rooms.has(room) || this.#rooms.size < config.roomsPerConnection
      ? undefined
      : refused("too_many", `A connection may join at most ${config.roomsPerConnection} rooms`);
  }

  async #enter(room: Room, { ref, since, limit = Infinity }: JoinCommand): Promise<void> {
    const { connection, outbox, services: { config, connections, news } } = this.#options;
    const { user } = connection;
    // What the room tells from here on waits, to come after the answer.
    outbox.hold();
    try {
      const entrance = room.join(connection, Math.min(limit, config.historyOnJoin));
      news.unwatch(connection, room.name);
      for (const other of connections.of(user.id, connection)) {
        other.follow(room.name, entrance.seq);
      }
      const missed = since && await room.recover(since);
      outbox.reply(encodeEvent(joinedEvent(room, entrance, { user, ref, since, missed })));
    } finally {
      outbox.release();
    }
  }
}
