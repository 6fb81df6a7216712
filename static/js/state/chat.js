// @ts-check
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { Event, Limits, RoomEvent } from "../../../lib/wire/protocol.ts" */
import { Directory } from "./directory.js";
import { Room } from "./room.js";

/**
 * A room, and a direct room, as the server lists them.
 *
 * @typedef {{ readonly room: string } & import("./directory.js").Entry} Listed
 * @typedef {Listed & import("./reading.js").Standing} ListedDirect
 */

/** Everything that the page knows: the person, their rooms, and which one is open. */
export class Chat {
  /** @type {(User & { moderator?: boolean }) | undefined} */
  me;
  /** @type {Limits | undefined} */
  limits;
  /** @type {Map<string, Room>} the rooms that the person opened */
  rooms = new Map();
  directory = new Directory();
  /** Whether the server can look for messages. */
  searchable = false;
  /** Whether what the person does is kept when the page goes. */
  kept = true;
  /**
   * How it stands with the connection. "connecting" is only the first attempt; after "ended" there is no other.
   *
   * @type {"connecting" | "connected" | "reconnecting" | "offline" | "ended"}
   */
  link = "connecting";
  #current = "";

  /** The room that is open. */
  get current() {
    return this.open(this.#current);
  }

  /** The rooms to show, in this order: those of everybody, then the direct ones. */
  get roomNames() {
    return [...this.directory.rooms, ...this.directory.directs];
  }

  /**
   * Makes a room the open one. What was new in it when it was last left is no longer marked.
   *
   * @param {string} name
   */
  show(name) {
    if (name === this.#current) return;
    this.#current = name;
    const room = this.open(name);
    room.wanted = true;
    if (room.reading.unread(this.me?.id) === 0) room.reading.newAfter = undefined;
  }

  /**
   * A room of the person's own; it becomes one if it is none.
   *
   * @param {string} name
   */
  open(name) {
    const room = this.rooms.get(name) ?? new Room(name);
    this.rooms.set(name, room);
    this.directory.learn(name);
    return room;
  }

  /** How many messages the person has not seen, in all rooms. */
  get unread() {
    return [...this.rooms.values()].reduce(
      (sum, room) => sum + room.reading.unread(this.me?.id),
      0,
    );
  }

  /** How many of those name the person. */
  get mentions() {
    return [...this.rooms.values()].reduce((sum, room) => sum + room.reading.mentions(this.me), 0);
  }

  /**
   * The room in which something that the person did waits.
   *
   * @param {string} nonce
   */
  roomOfOutgoing(nonce) {
    return [...this.rooms.values()].find((room) => room.outbox.get(nonce));
  }

  /**
   * Takes an event from the server.
   *
   * @param {Event} event
   * @param {number} now
   */
  apply(event, now) {
    switch (event.type) {
      case "welcome":
        this.me = event.moderator ? { ...event.user, moderator: true } : event.user;
        this.limits = event.limits;
        this.searchable = event.search;
        for (const room of event.rooms) this.#elsewhere(room);
        this.#forgetLeft(new Set(event.rooms.map(({ room }) => room)));
        return;
      case "joined":
        this.open(event.room).enter(event, this.me);
        this.directory.learn(event.room, { with: event.with });
        return this.directory.read(event.room, event.messages);
      case "room_changed":
        return this.#elsewhere(event);
      case "read":
        return this.rooms.get(event.room)?.reading.mark(event.seq);
      case "ack":
        if (this.me) this.roomOfOutgoing(String(event.ref))?.confirm(event, this.me);
        return;
      default:
        if (isRoomEvent(event)) this.#apply(event, now);
    }
  }

  /** Notes that the connection was lost. */
  interrupt() {
    for (const room of this.rooms.values()) room.interrupt();
  }

  /**
   * Forgets rooms that were kept from an earlier visit and that the person has left meanwhile, on another device.
   *
   * @param {ReadonlySet<string>} theirs
   */
  #forgetLeft(theirs) {
    for (const [name, room] of this.rooms) {
      if (room.restored && !room.wanted && !theirs.has(name)) this.rooms.delete(name);
    }
  }

  /**
   * Takes which rooms there are.
   *
   * @param {{ readonly rooms: readonly Listed[], readonly directs?: readonly ListedDirect[] }} list
   */
  list({ rooms, directs = [] }) {
    this.directory.replace([...rooms, ...directs], (name) => this.rooms.has(name));
    for (const direct of directs) this.#elsewhere(direct);
  }

  /**
   * @param {RoomEvent} event
   * @param {number} now
   */
  #apply(event, now) {
    const room = this.rooms.get(event.room);
    if (!room) return;
    room.apply(event, this.me?.id, now);
    this.directory.apply(event, room.messages.list);
  }

  /** @param {{ readonly room: string } & import("./reading.js").Standing & import("./directory.js").Entry} entry */
  #elsewhere(entry) {
    const room = this.open(entry.room);
    this.directory.learn(entry.room, entry);
    if (room.stage !== "inside") room.reading.stand(entry);
  }
}

const ROOM_EVENTS = new Set([
  "chat_message",
  "message_edited",
  "message_deleted",
  "reaction",
  "user_joined",
  "user_left",
  "presence",
  "typing",
]);

/**
 * @param {Event} event
 * @returns {event is RoomEvent}
 */
function isRoomEvent(event) {
  return ROOM_EVENTS.has(event.type);
}
