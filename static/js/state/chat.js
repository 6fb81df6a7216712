// @ts-check
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { Event, Limits, RoomEvent } from "../../../lib/wire/protocol.ts" */
import { Room } from "./room.js";

/** Everything that the page knows: the person, their rooms, and which one is open. */
export class Chat {
  /** @type {(User & { moderator?: boolean }) | undefined} */
  me;
  /** @type {Limits | undefined} */
  limits;
  /** @type {Map<string, Room>} the rooms that the person opened */
  rooms = new Map();
  /** @type {readonly string[]} the rooms that there are, as far as the server has told */
  directory = [];
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

  /**
   * The rooms to show: the person's own, and the others that there are; `general` first.
   *
   * @returns {string[]}
   */
  get roomNames() {
    const names = new Set([...this.rooms.keys(), ...this.directory]);
    names.delete("general");
    return ["general", ...[...names].sort()];
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
        for (const { room, ...standing } of event.rooms) this.#elsewhere(room, standing);
        this.#forgetLeft(new Set(event.rooms.map(({ room }) => room)));
        return;
      case "joined":
        return this.open(event.room).enter(event, this.me);
      case "room_changed":
        return this.#elsewhere(event.room, event);
      case "read":
        return this.rooms.get(event.room)?.reading.mark(event.seq);
      case "ack":
        if (this.me) this.roomOfOutgoing(String(event.ref))?.confirm(event, this.me);
        return;
      default:
        if (isRoomEvent(event)) this.rooms.get(event.room)?.apply(event, this.me?.id, now);
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
   * @param {string} name
   * @param {import("./reading.js").Standing} standing
   */
  #elsewhere(name, standing) {
    const room = this.open(name);
    if (room.stage !== "inside") room.reading.stand(standing);
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
