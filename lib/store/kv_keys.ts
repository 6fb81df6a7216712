import { createHash } from "node:crypto";

/** A key, or what keys begin with. */
export type Key = readonly (string | number | boolean)[];

/** The longest text that stands in a key as it is, in code units. */
const PLAIN_LENGTH = 64;

/**
 * What stands in a key for any text: itself, or its SHA-256 if it is long, or is not well-formed. Deno KV writes keys
 * in UTF-8, in which all lone surrogates are one.
 */
export function part(text: string): string {
  if (text.length <= PLAIN_LENGTH && text.isWellFormed()) return `=${text}`;
  const units = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
  return `#${createHash("sha256").update(new Uint8Array(units.buffer)).digest("hex")}`;
}

function under(kind: string): (...parts: Key) => Key {
  return (...parts) => ["parley", kind, ...parts];
}

/** Every key that the store has, each under a word of its own. Fewer parts give what a range of keys begins with. */
export const KEYS = {
  /** What all instances share: `version`, `epoch`, `secret`. */
  shared: under("shared"),
  /** `(room)`: true for each room that ever had a message or a person, for lists of rooms. */
  room: under("room"),
  /** `(room, pos)`: a message; `(room, true)`, which comes behind all of them: where the room stands. */
  log: under("log"),
  /** `(room, id)`: the place of a message. */
  place: (room: string, id: string) => under("place")(room, part(id)),
  /** `(room, userId, nonce)`: the message that was made with a nonce. */
  nonce: (room: string, userId: string, text: string) =>
    under("nonce")(room, part(userId), part(text)),
  /** `(room, seq)`: the place of a message that something has changed, by its version. */
  version: under("version"),
  /** `(room, seq)`: a change that made no message, without its text. */
  change: under("change"),
  /** `(room, pos, seq)`: true for each such change, by its message. */
  noted: under("noted"),
  /** `(room, pos)`: true for a message that is gone, of whose changes and reactions something may be left. */
  strip: under("strip"),
  /** `(room, pos, seq)`: a reaction that stands, by when it was put on. */
  reaction: under("reaction"),
  /** `(room, pos, emoji, userId)`: the `seq` of a reaction that stands. */
  reacted: (room: string, pos: number, emoji: string, userId: string) =>
    under("reacted")(room, pos, part(emoji), part(userId)),
  /** `(room)`: the number of its latest move, and how many people are in it. */
  people: under("people"),
  /** `(room, rev)`: who came into a room with a move and is there since. */
  came: under("came"),
  /** `(room, userId)`: with which move a person came, and at how many instances they are in the room. */
  seat: under("seat"),
  /** `(instance, room, userId)`: the name of who is in a room at an instance. */
  here: under("here"),
  /** `(instance, userId)`: true for each who is connected to an instance. */
  online: under("online"),
  /** `(instance, userId)`: true for each who was taken over elsewhere and was not told. */
  taken: under("taken"),
  /** `(instance)`: its lease. */
  lease: under("lease"),
  /** `(witness)`: the number of the latest change of an open store: about its time. */
  mark: under("mark"),
  /** `(nameKey)`: who holds a name. */
  name: under("name"),
  /** `(userId)`: the name that a person holds, and the instances to which they are connected. */
  person: under("person"),
  /** `(userId, room)`: that a room is a person's, and the day on which they joined it last. */
  standing: under("standing"),
  /** `(userId, room)`: how far they have read. */
  read: under("read"),
  /** `(day, userId, room)`: true for each room of a person's, by that day. */
  joined: under("joined"),
  /** `(room)`: the two of a direct room. */
  direct: under("direct"),
  /** `(userId, room)`: the two of a direct room of a person's. */
  directs: under("directs"),
  /** `(userId, userId)`: the name of the direct room of two. */
  pair: under("pair"),
} as const;
