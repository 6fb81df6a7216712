// @ts-check
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { Chat } from "./chat.js" */

/**
 * Where somebody may want to go: a room, or a person, with whom there may be a direct room already.
 *
 * @typedef {{ readonly kind: "room", readonly name: string, readonly room: string }
 *   | { readonly kind: "person", readonly name: string, readonly user: User, readonly room?: string | undefined }} Destination
 */

/** How many destinations are offered. */
const OFFERED = 8;

/**
 * All destinations that the page knows of: rooms and direct rooms in their order, then the people in the person's rooms.
 *
 * @param {Chat} chat
 * @returns {Destination[]}
 */
export function destinations({ directory, me, rooms }) {
  /** @type {Map<string, Destination>} */
  const people = new Map();
  for (const room of directory.directs) {
    const user = directory.with(room);
    if (user) people.set(user.id, { kind: "person", name: user.name, user, room });
  }
  for (const room of rooms.values()) {
    for (const user of room.people.values()) {
      if (user.id === me?.id || people.has(user.id)) continue;
      people.set(user.id, { kind: "person", name: user.name, user });
    }
  }
  return [
    ...directory.rooms.map((room) => /** @type {const} */ ({ kind: "room", name: room, room })),
    ...people.values(),
  ];
}

/**
 * The destinations that somebody most likely means, the likeliest first: those whose name begins with what they typed,
 * then those of which a word does, then those that hold its letters in that order.
 *
 * @template {{ readonly name: string }} D
 * @param {string} typed
 * @param {readonly D[]} all
 * @param {number} [most] how many are wanted
 * @returns {D[]}
 */
export function likeliest(typed, all, most = OFFERED) {
  const sought = fold(typed.trim().replace(/^[#@]/, ""));
  return all
    .map((destination) => ({ destination, rank: rank(fold(destination.name), sought) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, most)
    .map(({ destination }) => destination);
}

/**
 * @param {string} name
 * @param {string} sought
 */
function rank(name, sought) {
  if (name.startsWith(sought)) return 0;
  if (name.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(sought))) return 1;
  if (name.includes(sought)) return 2;
  let place = 0;
  for (const letter of sought) {
    place = name.indexOf(letter, place) + 1;
    if (place === 0) return Infinity;
  }
  return 3;
}

/** @param {string} text */
function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
