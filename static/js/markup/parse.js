// @ts-check
/** @import { Block, Inline, Item } from "./tree.js" */
import { parseLine } from "./inline.js";
import { Names } from "./names.js";
import { append } from "./tree.js";

/** How deep quotes and lists may be within one another; what is deeper is text. */
const MAX_DEPTH = 4;
/** How many parts a message may have: its markup beyond that is text, as a page of a million parts would be slow. */
const MAX_PIECES = 1_000;
const NOBODY = new Names([]);

/** The line that begins a block of code: its language, or its first words. */
const FENCE = /^ {0,3}```([^`]*)$/u;
const FENCE_END = /```\s*$/u;
const LANGUAGE = /^[\w+#.-]*\s*$/u;
const QUOTE = /^ {0,3}>(?: |\s*$)/u;
const ITEM = /^ {0,1}([-*•]|\d{1,9}[.)])[ \t]+(?=\S)/u;
/** What begins a line that belongs to the item above. */
const WITHIN_ITEM = /^(?: {2,4}|\t)(?=\s*\S)/u;

/**
 * Who may be mentioned, and how many parts a message may still have.
 *
 * @typedef {{ readonly names: Names, left: number }} Context
 *
 * What a found block is, and the line that comes after it.
 *
 * @typedef {{ readonly block: Block, readonly next: number }} Found
 */

/**
 * The text of a message as a tree. What is no markup, or is not balanced, stays text as it is. It takes time in
 * proportion to the text, whatever the text is, and no part of the tree is deeper than 12 others.
 *
 * @param {string} text
 * @param {Names} [names] who may be mentioned
 * @returns {Block[]}
 */
export function parse(text, names = NOBODY) {
  return parseBlocks(text.split("\n"), { names, left: MAX_PIECES }, 0);
}

/**
 * @param {readonly string[]} lines
 * @param {Context} context
 * @param {number} depth
 * @returns {Block[]}
 */
function parseBlocks(lines, context, depth) {
  /** @type {Block[]} */
  const blocks = [];
  /** @type {string[]} */
  let plain = [];
  const flush = (/** @type {boolean} */ alone) => {
    const kept = alone ? plain : withoutBlankEnds(plain);
    if (kept.length > 0) blocks.push({ kind: "paragraph", children: paragraph(kept, context) });
    plain = [];
  };
  const lastFence = lines.findLastIndex((line) => FENCE_END.test(line));
  for (let at = 0; at < lines.length;) {
    const found = depth > MAX_DEPTH || context.left <= 0
      ? undefined
      : at < lastFence && findCode(lines, at) ||
        findQuote(lines, at, context, depth) || findList(lines, at, context, depth);
    if (found) {
      flush(false);
      context.left--;
      blocks.push(found.block);
      at = found.next;
    } else plain.push(lines[at++] ?? "");
  }
  flush(blocks.length === 0);
  return blocks;
}

/**
 * @param {readonly string[]} lines
 * @param {number} at
 * @returns {Found | undefined}
 */
function findCode(lines, at) {
  const words = FENCE.exec(lines[at] ?? "")?.[1];
  if (words === undefined) return undefined;
  let end = at + 1;
  while (!FENCE_END.test(lines[end] ?? "```")) end++;
  const last = (lines[end] ?? "").trimEnd().slice(0, -3);
  const code = lines.slice(at + 1, end);
  if (!LANGUAGE.test(words)) code.unshift(words);
  if (last.trim() !== "") code.push(last);
  return { block: { kind: "pre", text: code.join("\n") }, next: end + 1 };
}

/**
 * @param {readonly string[]} lines
 * @param {number} at
 * @param {Context} context
 * @param {number} depth
 * @returns {Found | undefined}
 */
function findQuote(lines, at, context, depth) {
  const quoted = [];
  let next = at;
  for (; QUOTE.test(lines[next] ?? ""); next++) quoted.push(lines[next]?.replace(QUOTE, "") ?? "");
  if (quoted.every((line) => line.trim() === "")) return undefined;
  return { block: { kind: "quote", children: parseBlocks(quoted, context, depth + 1) }, next };
}

/**
 * @param {readonly string[]} lines
 * @param {number} at
 * @param {Context} context
 * @param {number} depth
 * @returns {Found | undefined}
 */
function findList(lines, at, context, depth) {
  const ordered = isOrdered(lines[at]);
  if (ordered === undefined) return undefined;
  /** @type {Item[]} */
  const items = [];
  let next = at;
  while (isOrdered(lines[next]) === ordered && context.left > 0) {
    context.left--;
    const first = lines[next++] ?? "";
    const within = [first.replace(ITEM, "")];
    for (; WITHIN_ITEM.test(lines[next] ?? ""); next++) {
      within.push(lines[next]?.replace(WITHIN_ITEM, "") ?? "");
    }
    const marker = ordered ? ITEM.exec(first)?.[1] ?? "" : "•";
    items.push({ marker, children: parseBlocks(within, context, depth + 1) });
  }
  return { block: { kind: "list", ordered, items }, next };
}

/**
 * Whether a line is an item of a numbered list, or of another; `undefined` if it is none.
 *
 * @param {string | undefined} line
 */
function isOrdered(line = "") {
  const marker = ITEM.exec(line)?.[1];
  return marker === undefined ? undefined : /\d/u.test(marker);
}

/**
 * @param {readonly string[]} lines
 * @param {Context} context
 */
function paragraph(lines, context) {
  /** @type {Inline[]} */
  const children = [];
  lines.forEach((line, index) => {
    if (index > 0) append(children, { kind: "text", text: "\n" });
    for (const piece of parseLine(line, context)) append(children, piece);
  });
  return children;
}

/** @param {readonly string[]} lines */
function withoutBlankEnds(lines) {
  const full = (/** @type {string} */ line) => line.trim() !== "";
  const first = lines.findIndex(full);
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex(full) + 1);
}
