// @ts-check
/// <reference lib="dom" />
import { isDirectName, isRoomName } from "./protocol.js";

/** The room that always exists. */
export const GENERAL = "general";

/** The path of an address that names a message. */
const MESSAGE_PATH = /^\/r\/([^/]+)$/;

/**
 * Where the person is: a room, and on a narrow screen the pane of it that is shown. `from` is the pane that the
 * previous entry of the history shows, if it is one of ours; `at` is the id of the message that the address names.
 *
 * @typedef {"rooms" | "room" | "people" | "search"} Pane
 * @typedef {{ readonly room: string, readonly pane: Pane, readonly from?: Pane | undefined,
 *   readonly at?: string | undefined }} Place
 */

/**
 * The place that the address names.
 *
 * @returns {Place}
 */
export function readPlace() {
  if (history.state?.room) return history.state;
  const { pathname, searchParams } = new URL(location.href);
  const room = MESSAGE_PATH.exec(pathname)?.[1] ?? searchParams.get("room") ?? "";
  if (!isRoomName(room) && !isDirectName(room)) return { room: GENERAL, pane: "room" };
  return { room, pane: "room", at: searchParams.get("at") ?? undefined };
}

/**
 * The name that the address asks to sign this tab in with.
 *
 * @returns {string | null}
 */
export function readAskedName() {
  return new URL(location.href).searchParams.get("user");
}

/**
 * The address of a room, to be shared: it names no person.
 *
 * @param {string} room
 */
export function roomAddress(room) {
  const url = new URL("/", location.href);
  url.searchParams.set("room", room);
  return url.href;
}

/**
 * The address of a message, to be shared.
 *
 * @param {string} room
 * @param {string} id
 */
export function messageAddress(room, id) {
  const url = new URL(`/r/${room}`, location.href);
  url.searchParams.set("at", id);
  return url.href;
}

/** @param {Place} place */
function addressOf({ at, room }) {
  return at === undefined ? roomAddress(room) : messageAddress(room, at);
}

/**
 * Goes to a place, as a new entry of the history.
 *
 * @param {Place} place
 */
export function pushPlace(place) {
  history.pushState(place, "", addressOf(place));
}

/**
 * Says where the person is without a new entry of the history.
 *
 * @param {Place} place
 */
export function replacePlace(place) {
  history.replaceState(place, "", addressOf(place));
}
