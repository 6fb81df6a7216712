// @ts-check
/// <reference lib="dom" />
import { isRoomName } from "./protocol.js";

/** The room that always exists. */
export const GENERAL = "general";

/**
 * Where the person is: a room, and on a narrow screen the pane of it that is shown. `from` is the pane that the
 * previous entry of the history shows, if it is one of ours.
 *
 * @typedef {"rooms" | "room" | "people"} Pane
 * @typedef {{ readonly room: string, readonly pane: Pane, readonly from?: Pane | undefined }} Place
 */

/**
 * The place that the address names.
 *
 * @returns {Place}
 */
export function readPlace() {
  const room = new URL(location.href).searchParams.get("room") ?? "";
  return history.state?.room
    ? history.state
    : { room: isRoomName(room) ? room : GENERAL, pane: "room" };
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
 * Goes to a place, as a new entry of the history.
 *
 * @param {Place} place
 */
export function pushPlace(place) {
  history.pushState(place, "", roomAddress(place.room));
}

/**
 * Says where the person is without a new entry of the history.
 *
 * @param {Place} place
 */
export function replacePlace(place) {
  history.replaceState(place, "", roomAddress(place.room));
}
