// @ts-check
/// <reference lib="dom" />
/** @import { DayRow, GapRow, MovesRow } from "../state/timeline.js" */
/** @import { Times } from "./message.js" */
import { moves } from "../format.js";
import { t } from "../strings.js";
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
  return element("p", { class: "separator new" }, element("span", {}, t.log.new));
}

/**
 * The line where messages are missing, and the way to get them.
 *
 * @param {GapRow} row
 * @param {() => void} onFill
 */
export function gapRow({ state }, onFill) {
  const words = {
    idle: t.log.missing,
    loading: t.log.fetchingMissing,
    failed: t.log.noMissing,
  };
  const button = element(
    "button",
    { type: "button", class: "quiet", click: onFill },
    state === "failed" ? t.common.tryAgain : t.log.fetchThem,
  );
  return element(
    "p",
    { class: "separator gap" },
    element("span", {}, words[state]),
    ...(state === "loading" ? [] : [button]),
  );
}

/** The line that says why what was read before is not there any more. */
export function replacedRow() {
  return element(
    "p",
    { class: "separator replaced" },
    element(
      "span",
      {},
      t.log.replaced,
    ),
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
