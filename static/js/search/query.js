// @ts-check
import { toRoomName } from "../protocol.js";

/**
 * What somebody looks for. `q` is what is left of their words when the conditions are taken out, days are those of the
 * person's own calendar.
 *
 * @typedef {{ readonly q: string, readonly room?: string, readonly from?: string, readonly since?: number,
 *   readonly until?: number }} SearchQuery
 */

/** A condition: a name, a colon, and a value, in quotes if it has spaces. */
const CONDITION = /(?<=^|\s)(in|from|after|before|on):(?:"([^"]*)"|(\S+))/gi;
const DAY = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;

/**
 * Reads what somebody typed: words, and the conditions `in:room`, `from:name` (`from:"Two Words"`), `after:2026-11-01`,
 * `before:…` and `on:…`. What is no such thing is looked for as it stands.
 *
 * @param {string} text
 * @returns {SearchQuery}
 */
export function parseSearch(text) {
  /** @type {{ room?: string, from?: string, since?: number, until?: number }} */
  const conditions = {};
  const q = text.replace(CONDITION, (whole, name, quoted, bare) => {
    const condition = read(name.toLowerCase(), quoted ?? bare);
    if (!condition) return whole;
    Object.assign(conditions, condition);
    return "";
  });
  // A space at the end says that the last word is whole: it is kept.
  return { q: q.replace(/\s+/g, " ").trimStart(), ...conditions };
}

/**
 * @param {string} name
 * @param {string} value
 * @returns {Partial<SearchQuery> | undefined}
 */
function read(name, value) {
  if (name === "in") return { room: value.startsWith("~") ? value : toRoomName(value) };
  if (name === "from") return { from: value.replace(/^@/, "") };
  const day = readDay(value);
  if (day === undefined) return undefined;
  const [start, end] = day;
  if (name === "after") return { since: end };
  return name === "before" ? { until: start } : { since: start, until: end };
}

/**
 * The first moment of a day, and that of the next one.
 *
 * @param {string} text
 * @returns {readonly [start: number, end: number] | undefined}
 */
function readDay(text) {
  const [year, month, day] = DAY.exec(text)?.slice(1).map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const start = new Date(year, month - 1, day);
  const isDay = start.getMonth() === month - 1 && start.getDate() === day;
  return isDay ? [start.getTime(), new Date(year, month - 1, day + 1).getTime()] : undefined;
}
