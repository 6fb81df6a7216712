// @ts-check

/**
 * An emoji and its names, of which the first is the one to show.
 *
 * @typedef {{ readonly emoji: string, readonly names: readonly string[] }} Emoji
 */

/** @type {readonly Emoji[] | undefined} */
let loaded;
/** @type {Promise<readonly Emoji[]> | undefined} */
let loading;

/**
 * Fetches the emoji that have names: once, when somebody first wants one.
 *
 * @returns {Promise<readonly Emoji[]>} rejects if they cannot be fetched; the next call tries again
 */
export function loadEmoji() {
  loading ??= import("./emoji_table.js").then(({ TABLE }) => loaded = readTable(TABLE));
  loading.catch(() => loading = undefined);
  return loading;
}

/** The emoji that have names, if they are there already. */
export function loadedEmoji() {
  return loaded;
}

/**
 * The emoji of a table: each with its names behind it, and a comma between two emoji.
 *
 * @param {string} table
 * @returns {Emoji[]}
 */
export function readTable(table) {
  return table.trim().split(/,\s+/u).map((entry) => {
    const [emoji = "", ...names] = entry.split(" ");
    return { emoji, names };
  });
}

/**
 * The emoji whose names fit a text best: names that are the text come first, then those that begin with it, then those
 * of which a word does, then those that hold it.
 *
 * @param {readonly Emoji[]} all
 * @param {string} text
 * @param {number} [most]
 * @returns {{ emoji: string, name: string }[]}
 */
export function findEmoji(all, text, most = Infinity) {
  const wanted = text.trim().toLowerCase().replaceAll(/[\s:]+/gu, "_").replaceAll(/^_+|_+$/gu, "");
  if (wanted === "") {
    return all.slice(0, most).map(({ emoji, names }) => ({ emoji, name: names[0] ?? "" }));
  }
  return all.flatMap(({ emoji, names }) => {
    const [best] = names.map((name) => ({ emoji, name, rank: rankOf(name, wanted) }))
      .filter(({ rank }) => rank >= 0).sort((a, b) => a.rank - b.rank);
    return best ? [best] : [];
  }).sort((a, b) => a.rank - b.rank).slice(0, most).map(({ emoji, name }) => ({ emoji, name }));
}

/**
 * The emoji that has exactly this name.
 *
 * @param {readonly Emoji[]} all
 * @param {string} name
 */
export function emojiNamed(all, name) {
  return all.find(({ names }) => names.includes(name.toLowerCase()))?.emoji;
}

/**
 * @param {string} name
 * @param {string} wanted
 */
function rankOf(name, wanted) {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.includes(`_${wanted}`)) return 2;
  return name.includes(wanted) ? 3 : -1;
}
