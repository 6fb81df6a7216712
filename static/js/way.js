// @ts-check
/// <reference lib="dom" />
/** @import { Pane, Place } from "./place.js" */
import { pushPlace, readPlace, replacePlace } from "./place.js";

/**
 * @typedef {object} WayOptions
 * @property {() => boolean} isNarrow whether there is room for one pane only
 * @property {(place: Place) => void} onArrive is told where the person is now
 */

/** The way of the person through the page, kept in the history of the browser: where they are, and how they go on. */
export class Way {
  #options;
  #place = readPlace();
  /** The message that the address names, until it is shown. */
  #sought = this.#place.at;

  /** @param {WayOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** Where the person is. */
  get place() {
    return this.#place;
  }

  /** Begins where the address says. */
  begin() {
    const returns = history.state?.room !== undefined;
    // One pane at a time has a way up from the first one on, for the browser's own button too.
    if (this.#options.isNarrow() && !returns) {
      replacePlace({ room: this.#place.room, pane: "rooms" });
      pushPlace({ ...this.#place, pane: "room", from: "rooms" });
    } else {
      replacePlace(this.#place);
    }
    this.arrive(readPlace());
  }

  /** @param {{ room?: string, pane: Pane, at?: string }} to */
  go(to) {
    const { at, pane, room } = this.#place;
    const next = { room, ...to, from: pane };
    const stays = to.at === undefined || to.at === at;
    const same = next.room === room && next.pane === pane && stays;
    if (!same) pushPlace(next);
    this.arrive(same ? { ...this.#place, at: to.at } : next);
  }

  /** Goes up from the pane that is shown. */
  back() {
    const { from, pane, room } = this.#place;
    const up = pane === "room" ? "rooms" : "room";
    if (from === up) return history.back();
    replacePlace({ room, pane: up });
    this.arrive(readPlace());
  }

  /**
   * Goes to another room, and not back: the person has left this one.
   *
   * @param {string} room
   */
  turn(room) {
    replacePlace({ room, pane: "room" });
    this.arrive(readPlace());
  }

  /** @param {Place} place */
  arrive(place) {
    this.#place = place;
    this.#sought = place.at;
    this.#options.onArrive(place);
  }

  /** Forgets which message the address names: the person has gone on to the newest. */
  forgetMessage() {
    if (this.#place.at === undefined) return;
    this.#place = { ...this.#place, at: undefined };
    replacePlace(this.#place);
  }

  /**
   * The message that the address names, if it is one of this room and has not been shown: it is about to be.
   *
   * @param {string} room
   */
  takeSought(room) {
    if (room !== this.#place.room) return undefined;
    const sought = this.#sought;
    this.#sought = undefined;
    return sought;
  }
}
