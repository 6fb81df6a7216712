// @ts-check
/// <reference lib="dom" />
/** @import { DayRow, MovesRow } from "../state/timeline.js" */
/** @import { Times } from "./message.js" */
import { moves } from "../format.js";
import { element, sentence } from "./dom.js";

/**
 * The line between two days.
 *
 * @param {DayRow} row
 * @param {Times} times
 * @param {number} now
 */
export function dayRow({ time }, times, now) {
  return element(
    "p",
    { class: "separator day" },
    element(
      "time",
      { datetime: times.dayKey(time), title: times.full(time) },
      times.day(time, now),
    ),
  );
}

/** The line above the messages that are new to the person. */
export function newRow() {
  return element("p", { class: "separator new" }, element("span", {}, "New"));
}

/** The line where messages may be missing. */
export function gapRow() {
  return element(
    "p",
    { class: "separator gap" },
    element("span", {}, "Some messages may be missing here"),
  );
}

/**
 * Who came and went.
 *
 * @param {MovesRow} row
 */
export function movesRow({ joined, left }) {
  return element("p", { class: "moves" }, ...sentence(moves(joined, left)));
}
