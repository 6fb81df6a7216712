// @ts-check
/** @import { Chat } from "./chat.js" */
import { t } from "../strings.js";
import { isDirect } from "./directory.js";

/**
 * A part of the list of rooms.
 *
 * @typedef {{ readonly kind: "starred" | "rooms" | "direct", readonly rooms: readonly string[] }} Section
 */

/**
 * The parts of the list of rooms, in their order: those that the person starred, those of everybody, those of two.
 * Parts without a room are left out, and so are direct rooms of which nobody has said yet with whom they are.
 *
 * @param {Chat} chat
 * @param {(room: string) => boolean} isStarred
 * @returns {Section[]}
 */
export function sections({ current, directory }, isStarred) {
  const directs = directory.directs.filter((name) => directory.with(name) || name === current.name);
  const starred = [...directory.rooms, ...directs].filter(isStarred);
  const others = (/** @type {readonly string[]} */ rooms) =>
    rooms.filter((room) => !isStarred(room));
  /** @type {Section[]} */
  const all = [
    { kind: "starred", rooms: starred },
    { kind: "rooms", rooms: others(directory.rooms) },
    { kind: "direct", rooms: others(directs) },
  ];
  return all.filter(({ rooms }) => rooms.length > 0);
}

/**
 * What a room is called: its name or, if it is a direct one, that of the other person.
 *
 * @param {Chat} chat
 * @param {string} room
 */
export function nameOf({ directory }, room) {
  return isDirect(room) ? directory.with(room)?.name ?? t.rooms.direct : room;
}

/**
 * What a room is called where nothing else tells what it is: `#general`, or the name of the other person.
 *
 * @param {Chat} chat
 * @param {string} room
 */
export function titleOf(chat, room) {
  return isDirect(room) ? nameOf(chat, room) : `#${room}`;
}
