// @ts-check

/**
 * A piece of a sentence: a person's name, to be isolated from the words around it (it may be written from right to
 * left), or the words.
 *
 * @typedef {{ readonly name: boolean, readonly text: string }} Part
 */

const LIST = new Intl.ListFormat("en-GB", { type: "conjunction" });
const PLURAL = new Intl.PluralRules("en");
const NUMBER = new Intl.NumberFormat("en");
const WORDS = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });
const DAY_MS = 24 * 60 * 60 * 1000;

/** How many people a sentence names before it counts the others. */
const NAMED = 2;
/** How many people a sentence about typing names; beyond, it is "Several people". */
const NAMED_TYPING = 3;
/** How many of those who reacted are named; there is room for more than in a sentence. */
const NAMED_REACTORS = 10;

/**
 * A number with its unit: "1 new message", "1,234 new messages".
 *
 * @param {number} count
 * @param {string} one
 * @param {string} [other]
 */
export function plural(count, one, other = `${one}s`) {
  return `${NUMBER.format(count)} ${PLURAL.select(count) === "one" ? one : other}`;
}

/**
 * A number as it is shown.
 *
 * @param {number} value
 */
export function number(value) {
  return NUMBER.format(value);
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
  if (others <= 1) return listOf(names);
  const counted = plural(others, "other");
  const parts = listOf([...names.slice(0, NAMED), counted]);
  return [...parts.slice(0, -1), words(counted)];
}

/**
 * Who reacted: "You, Alice and 2 others". `names` are those that are known, of `count` people.
 *
 * @param {readonly string[]} names
 * @param {number} count
 */
export function reactors(names, count) {
  if (names.length === 0) return plural(count, "person", "people");
  const named = names.slice(0, NAMED_REACTORS);
  const others = Math.max(0, count - named.length);
  return LIST.format(others === 0 ? named : [...named, plural(others, "other")]);
}

/**
 * What people came and went: "Alice and Bob joined", "Alice joined, Carol left".
 *
 * @param {readonly string[]} joined
 * @param {readonly string[]} left
 * @returns {Part[]}
 */
export function moves(joined, left) {
  const parts = joined.length === 0 ? [] : [...people(joined), words(" joined")];
  if (left.length === 0) return parts;
  if (parts.length > 0) parts.push(words(", "));
  return [...parts, ...people(left), words(" left")];
}

/**
 * Who is in a room: "Alice and Bob are here." `count` is how many they are, if not all of their names are known.
 *
 * @param {readonly string[]} names
 * @param {number} count
 * @returns {Part[]}
 */
export function whoIsHere(names, count) {
  if (count === 0) return [words("Nobody is here yet.")];
  return [...people(names, count), words(count === 1 ? " is here." : " are here.")];
}

/**
 * Who is typing: "Bob is typing…". Empty if nobody is.
 *
 * @param {readonly string[]} names
 * @returns {Part[]}
 */
export function typing(names) {
  if (names.length === 0) return [];
  if (names.length > NAMED_TYPING) return [words("Several people are typing…")];
  return [...listOf(names), words(names.length === 1 ? " is typing…" : " are typing…")];
}

/**
 * The first letter of a name, as its reader sees letters.
 *
 * @param {string} name
 */
export function initial(name) {
  // Most are plain letters, and to segment takes as long as to make the rest of a message.
  if (/^[A-Za-z0-9][ -~]/.test(name)) return name.charAt(0).toUpperCase();
  const [first] = GRAPHEMES.segment(name);
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
 * Formats times in English words and in the person's own clock and zone.
 *
 * @param {{ locale?: string | undefined, timeZone?: string }} [options]
 */
export function createTimes({ locale, timeZone } = {}) {
  const { hourCycle } = new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions();
  const language = locale?.startsWith("en") ? locale : "en-GB";
  const clock = { hour: "numeric", minute: "2-digit", hourCycle, timeZone };
  /** @param {Intl.DateTimeFormatOptions} options */
  const formatter = (options) => new Intl.DateTimeFormat(language, options);
  const time = formatter(/** @type {Intl.DateTimeFormatOptions} */ (clock));
  const day = formatter({ weekday: "long", day: "numeric", month: "long", timeZone });
  const dayAndYear = formatter({ day: "numeric", month: "long", year: "numeric", timeZone });
  const full = formatter({ dateStyle: "full", timeStyle: "short", hourCycle, timeZone });
  const date = new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone });

  return {
    /** "10:02". @param {number} ms */
    time: (ms) => time.format(ms),

    /** "10:02" without "AM", for narrow places. @param {number} ms */
    shortTime: (ms) =>
      time.formatToParts(ms).filter(({ type }) => type !== "dayPeriod").map(({ value }) => value)
        .join("").trim(),

    /** "Monday, 24 November 2025 at 10:02". @param {number} ms */
    full: (ms) => full.format(ms),

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
      if (days === 0 || days === -1) return capitalize(WORDS.format(days, "day"));
      const sameYear = date.format(ms).slice(0, 4) === date.format(now).slice(0, 4);
      return (sameYear ? day : dayAndYear).format(ms);
    },
  };
}

/** @param {string} text */
function words(text) {
  return { name: false, text };
}

/**
 * @param {readonly string[]} names
 * @returns {Part[]}
 */
function listOf(names) {
  return LIST.formatToParts(names).map(({ type, value }) => ({
    name: type === "element",
    text: value,
  }));
}

/** @param {string} text */
function capitalize(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
