// @ts-check
/** @import { Context } from "./parse.js" */
/** @import { Token } from "./emphasis.js" */
/** @import { Inline } from "./tree.js" */
import { addressAt, isDeceptive, toHref } from "./addresses.js";
import { toRun, toSpans } from "./emphasis.js";

/** Where something may begin. Only one of them matches at any place, so that a line is read once. */
const SPECIAL = /`+|\[|@|\*+|_+|~+|\b(?:https?:\/\/|mailto:)/giu;

/**
 * The pieces of one line: code, links, mentions and formatted words. It takes time in proportion to the line.
 *
 * @param {string} line
 * @param {Context} context
 * @returns {Inline[]}
 */
export function parseLine(line, context) {
  return toSpans(scan(line, context, true));
}

/**
 * @param {string} line
 * @param {Context} context
 * @param {boolean} linked whether links become links, which are never within one another
 * @returns {Token[]}
 */
function scan(line, context, linked) {
  const code = findCode(line);
  const brackets = linked && line.includes("](") ? pairBrackets(line, code) : undefined;
  /** @type {Token[]} */
  const tokens = [];
  let from = 0;
  const add = (
    /** @type {number} */ start,
    /** @type {number} */ end,
    /** @type {Token} */ token,
  ) => {
    if (start > from) tokens.push({ kind: "text", text: line.slice(from, start) });
    tokens.push(token);
    context.left--;
    from = end;
  };
  for (let at = 0; context.left > 0;) {
    SPECIAL.lastIndex = at;
    const special = SPECIAL.exec(line);
    if (!special) break;
    const [found] = special;
    const { index } = special;
    at = index + found.length;
    switch (found.charAt(0)) {
      case "`": {
        const end = code.get(index);
        if (end === undefined) break;
        const text = line.slice(at, end - found.length);
        add(index, at = end, { kind: "code", text: isPadded(text) ? text.slice(1, -1) : text });
        break;
      }
      case "[": {
        const parts = brackets && findLink(line, index, brackets);
        if (!parts) break;
        const { end, href, label } = parts;
        const children = toSpans(scan(label, context, false));
        add(index, at = end, { kind: "link", href, children });
        break;
      }
      case "@": {
        const mention = context.names.mentionedAt(line, index);
        if (!mention) break;
        const { end, me } = mention;
        add(index, at = end, { kind: "mention", text: line.slice(index, end), me });
        break;
      }
      case "*":
      case "_":
      case "~": {
        const run = toRun(line, index, at);
        if (run) add(index, at, run);
        break;
      }
      default: {
        const { end, href } = addressAt(line, index);
        at = Math.max(at, end);
        if (href === undefined || !linked) break;
        const text = line.slice(index, end);
        add(index, end, { kind: "link", href, children: [{ kind: "text", text }] });
      }
    }
  }
  if (from < line.length) tokens.push({ kind: "text", text: line.slice(from) });
  return tokens;
}

/**
 * Where the code of a line ends, by where it begins: at the next run of backticks of the same length.
 *
 * @param {string} line
 * @returns {Map<number, number>}
 */
function findCode(line) {
  const runs = [...line.matchAll(/`+/gu)].map(({ 0: { length }, index }) => ({ index, length }));
  /** @type {Map<number, number>} */
  const next = new Map();
  const ends = runs.map(() => 0);
  for (let i = runs.length - 1; i >= 0; i--) {
    const length = runs[i]?.length ?? 0;
    ends[i] = next.get(length) ?? 0;
    next.set(length, (runs[i]?.index ?? 0) + length);
  }
  const code = new Map();
  let from = 0;
  runs.forEach(({ index }, i) => {
    if (index < from || !ends[i]) return;
    code.set(index, from = ends[i] ?? 0);
  });
  return code;
}

/**
 * Where the brackets of a line are closed, by where they are opened: `[` by the next `]`, `(` by the next `)` without a
 * space between, since there is none in an address; 0 where neither is opened or it is never closed.
 *
 * @param {string} line
 * @param {ReadonlyMap<number, number>} code
 * @returns {Int32Array}
 */
function pairBrackets(line, code) {
  const partners = new Int32Array(line.length);
  /** @type {number[]} */
  const square = [];
  /** @type {number[]} */
  let round = [];
  for (let at = 0; at < line.length; at++) {
    const end = code.get(at);
    if (end !== undefined) at = end - 1;
    const letter = end === undefined ? line.charAt(at) : "`";
    if (letter === "[") square.push(at);
    else if (letter === "(") round.push(at);
    else if (letter === "]") partners[square.pop() ?? at] = at;
    else if (letter === ")") partners[round.pop() ?? at] = at;
    else if (letter === " " || letter === "\t") round = [];
  }
  return partners;
}

/**
 * The link `[label](address)` that begins at a place of a line.
 *
 * @param {string} line
 * @param {number} start
 * @param {Int32Array} brackets
 * @returns {{ label: string, href: string, end: number } | undefined}
 */
function findLink(line, start, brackets) {
  const labelEnd = brackets[start] ?? 0;
  if (labelEnd === 0 || line.charAt(labelEnd + 1) !== "(") return undefined;
  const last = brackets[labelEnd + 1] ?? 0;
  const label = line.slice(start + 1, labelEnd);
  if (last === 0 || label.trim() === "") return undefined;
  const href = toHref(line.slice(labelEnd + 2, last));
  if (href === undefined || isDeceptive(label, href)) return undefined;
  return { label, href, end: last + 1 };
}

/**
 * Whether code stands between spaces, which are there for a backtick within.
 *
 * @param {string} text
 */
function isPadded(text) {
  return text.startsWith(" ") && text.endsWith(" ") && text.trim() !== "";
}
