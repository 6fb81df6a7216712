// @ts-check
/// <reference lib="dom" />
/** @import { DayRow, GapRow, MovesRow, Row } from "../state/timeline.js" */
/** @import { FootRow, HeadActions, HeadRow } from "./head.js" */
/** @import { MessageActions, Times } from "./message.js" */
/** @import { RowView } from "./row_list.js" */
import { moves } from "../format.js";
import { t } from "../strings.js";
import { element, sentence } from "./dom.js";
import { foot, head } from "./head.js";
import { MessageView } from "./message.js";

/**
 * What stands for a row on the page.
 *
 * @param {Row | HeadRow | FootRow} row
 * @param {Times} times
 * @param {MessageActions & HeadActions & { onFill: () => void, onNewer: () => void }} actions
 * @returns {RowView<any>}
 */
export function rowView(row, times, actions) {
  switch (row.kind) {
    case "message":
      return new MessageView(row, times, actions);
    case "day":
      return { element: dayRow(row, times, Date.now()) };
    case "moves":
      return { element: movesRow(row) };
    case "new":
      return { element: newRow() };
    case "gap":
      return { element: gapRow(row, actions.onFill) };
    case "replaced":
      return { element: replacedRow() };
    case "head":
      return { element: head(row, actions) };
    case "foot":
      return { element: foot(row, actions.onNewer) };
  }
}

/**
 * The line between two days.
 *
 * @param {DayRow} row
 * @param {Times} times
 * @param {number} now
 */
function dayRow({ time }, times, now) {
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
function newRow() {
  return element("p", { class: "separator new" }, element("span", {}, t.log.new));
}

/**
 * The line where messages are missing, and the way to get them.
 *
 * @param {GapRow} row
 * @param {() => void} onFill
 */
function gapRow({ state }, onFill) {
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
function replacedRow() {
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
function movesRow({ joined, left }) {
  return element("p", { class: "moves" }, ...sentence(moves(joined, left)));
}
