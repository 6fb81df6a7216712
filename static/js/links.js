// @ts-check

/** An address with its scheme, up to the next space or quote; no other scheme may become a link. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"“”«»]+/giu;
/** What ends a sentence rather than an address. */
const TRAILING = /[.,:;!?'’…)\]}]+$/u;

/**
 * Cuts a text into its addresses and what stands between them. Joined again the pieces are the text.
 *
 * @param {string} text
 * @returns {{ text: string, href?: string }[]}
 */
export function findLinks(text) {
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    if (!URL.canParse(address)) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: address, href: new URL(address).href });
    end = match.index + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** @param {string} address */
function trimmed(address) {
  let short = address.replace(TRAILING, "");
  // A bracket that was opened within the address belongs to it, as in Wikipedia's.
  while (short.length < address.length && closes(short, address.charAt(short.length))) {
    short = address.slice(0, short.length + 1);
  }
  return short;
}

/**
 * @param {string} before
 * @param {string} bracket
 */
function closes(before, bracket) {
  return bracket === ")" && before.split("(").length > before.split(")").length;
}
