// @ts-check

/** @import { Part } from "./strings/grammar.js" */
import { lazy } from "./lazy.js";
import { locale as own, t } from "./strings.js";

const graphemes = lazy(() => new Intl.Segmenter("und", { granularity: "grapheme" }));
const DAY_MS = 24 * 60 * 60 * 1000;

/** How many people a sentence names before it counts the others. */
const NAMED = 2;
/** How many people a sentence about typing names; beyond, it is "Several people". */
const NAMED_TYPING = 3;
/** How many of those who reacted are named; there is room for more than in a sentence. */
export const NAMED_REACTORS = 10;

/**
 * A number as it is shown.
 *
 * @param {number} value
 */
export function number(value) {
  return t.grammar.number(value);
}

/**
 * Some people: "Alice", "Alice, Bob and Carol", "Alice, Bob and 3 others". `count` is how many they are, if not all of
 * their names are known.
 *
 * @param {readonly string[]} names
 * @param {number} [count]
 * @returns {Part[]}
 */
export function people(names, count = names.length) {
  const others = count - NAMED;
  if (others <= 1) return t.grammar.list(names);
  return t.grammar.list(names.slice(0, NAMED), t.people.others(others));
}

/**
 * Who reacted: "You, Alice and 2 others reacted with 👍". `names` are those that are known, of `count` people.
 *
 * @param {readonly string[]} names
 * @param {number} count
 * @param {string} emoji
 */
export function reactors(names, count, emoji) {
  if (names.length === 0) return t.people.reacted(count);
  const named = names.slice(0, NAMED_REACTORS);
  const others = Math.max(0, count - named.length);
  const people = t.grammar.list(named, others === 0 ? undefined : t.people.others(others));
  const parts = t.people.reactedWith({ people, emoji: [{ name: false, text: emoji }] });
  return parts.map(({ text }) => text).join("");
}

/**
 * What people came and went: "Alice and Bob joined", "Alice joined, Carol left".
 *
 * @param {readonly string[]} joined
 * @param {readonly string[]} left
 * @returns {Part[]}
 */
export function moves(joined, left) {
  const came = t.people.joined(people(joined), joined.length);
  const went = t.people.left(people(left), left.length);
  if (left.length === 0) return came;
  return joined.length === 0 ? went : t.people.moves({ joined: came, left: went });
}

/**
 * Who is in a room: "Alice and Bob are here." `count` is how many they are, if not all of their names are known.
 *
 * @param {readonly string[]} names
 * @param {number} count
 * @returns {Part[]}
 */
export function whoIsHere(names, count) {
  if (count === 0) return [{ name: false, text: t.people.nobodyHere }];
  return t.people.areHere(people(names, count), count);
}

/**
 * Who is typing: "Bob is typing…". Empty if nobody is.
 *
 * @param {readonly string[]} names
 * @returns {Part[]}
 */
export function typing(names) {
  if (names.length === 0) return [];
  if (names.length > NAMED_TYPING) return [{ name: false, text: t.people.severalTyping }];
  return t.people.typing(t.grammar.list(names), names.length);
}

/**
 * The first letter of a name, as its reader sees letters.
 *
 * @param {string} name
 */
export function initial(name) {
  // Most are plain letters, and to segment takes as long as to make the rest of a message.
  if (/^[A-Za-z0-9][ -~]/.test(name)) return name.charAt(0).toUpperCase();
  const [first] = graphemes().segment(name);
  return (first?.segment ?? "").toUpperCase();
}

/**
 * A person's hue, in degrees: the same for them everywhere.
 *
 * @param {string} userId
 */
export function hue(userId) {
  // FNV-1a, and a last mix without which ids that differ in their last letter would get neighbouring hues.
  let hash = 0x811c9dc5;
  for (let i = 0; i < userId.length; i++) {
    hash = Math.imul(hash ^ userId.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) % 360;
}

/**
 * Formats times in the words of a language, and in the person's own clock and zone.
 *
 * @param {object} [options]
 * @param {string | undefined} [options.locale] whose clock it is, and whose variety of the language if it is the same
 * @param {string} [options.words] the language
 * @param {string} [options.timeZone]
 */
export function createTimes({ locale, words = own, timeZone } = {}) {
  const same = locale?.split("-", 1)[0] === words.split("-", 1)[0];
  const variety = same ? locale : words;
  const cycle = lazy(() =>
    new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions().hourCycle
  );
  /** @param {() => Intl.DateTimeFormatOptions} options */
  const formatter = (options) =>
    lazy(() => new Intl.DateTimeFormat(variety, { timeZone, ...options() }));
  const time = formatter(() => ({ hour: "numeric", minute: "2-digit", hourCycle: cycle() }));
  const day = formatter(() => ({ weekday: "long", day: "numeric", month: "long" }));
  const dayAndYear = formatter(() => ({ day: "numeric", month: "long", year: "numeric" }));
  const full = formatter(() => ({ dateStyle: "full", timeStyle: "short", hourCycle: cycle() }));
  const relative = lazy(() => new Intl.RelativeTimeFormat(words, { numeric: "auto" }));
  const date = new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone });

  return {
    /** "10:02". @param {number} ms */
    time: (ms) => time().format(ms),

    /** "10:02" without "AM", for narrow places. @param {number} ms */
    shortTime: (ms) =>
      time().formatToParts(ms).filter(({ type }) => type !== "dayPeriod").map(({ value }) => value)
        .join("").trim(),

    /** "Monday, 24 November 2025 at 10:02". @param {number} ms */
    full: (ms) => full().format(ms),

    /** A text that is equal for two moments of the same local day, and sorts as days do. @param {number} ms */
    dayKey: (ms) => date.format(ms),

    /**
     * "Today", "Yesterday", "Monday, 24 November" or, of another year, "24 November 2025".
     *
     * @param {number} ms
     * @param {number} now
     */
    day: (ms, now) => {
      const days = Math.round(
        (Date.parse(date.format(ms)) - Date.parse(date.format(now))) / DAY_MS,
      );
      if (days === 0 || days === -1) return capitalize(relative().format(days, "day"));
      const sameYear = date.format(ms).slice(0, 4) === date.format(now).slice(0, 4);
      return (sameYear ? day() : dayAndYear()).format(ms);
    },
  };
}

/** @param {string} text */
function capitalize(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
