// @ts-check
/** @import { Inline, Span } from "./tree.js" */
import { append } from "./tree.js";

/**
 * A run of one delimiter, such as `**`. `opens` and `closes` are the spans that begin and end with it, in the order in
 * which their delimiters stand; what is left of the run is text.
 *
 * @typedef {object} Run
 * @property {string} letter
 * @property {number} left how many of its letters belong to no span
 * @property {boolean} canOpen
 * @property {boolean} canClose
 * @property {Kind[]} opens
 * @property {Kind[]} closes
 *
 * @typedef {Span["kind"]} Kind
 * @typedef {Inline | Run} Token
 */

/** Which lengths of a run are delimiters, by its letter. */
const LENGTHS = new Map([["*", [1, 2, 3]], ["_", [1]], ["~", [2]]]);
/** Which lengths a run can close, by its own: `***` is `**` and `*` in any order. */
const PARTNERS = [[], [1, 3], [2, 3], [3, 2, 1]];
/** How deep spans may be within one another; what is deeper is text. */
const MAX_DEPTH = 8;
/** What is written without spaces around it holds no delimiters: 2*3*4, and snake_case in any script. */
const WITHIN = new Map([["*", /[a-z0-9]/iu], ["~", /[a-z0-9]/iu], ["_", /[\p{L}\p{N}_]/u]]);
const SPACE = /\s/u;

/**
 * The delimiters that stand between two places of a line; `undefined` if they can be none.
 *
 * @param {string} line
 * @param {number} start
 * @param {number} end
 * @returns {Run | undefined}
 */
export function toRun(line, start, end) {
  const letter = line.charAt(start);
  if (!LENGTHS.get(letter)?.includes(end - start)) return undefined;
  const before = line.charAt(start - 1) || " ";
  const after = line.charAt(end) || " ";
  const word = WITHIN.get(letter);
  const canOpen = !SPACE.test(after) && !word?.test(before);
  const canClose = !SPACE.test(before) && !word?.test(after);
  if (!canOpen && !canClose) return undefined;
  return { letter, left: end - start, canOpen, canClose, opens: [], closes: [] };
}

/**
 * The tree of a line whose delimiters are still among its pieces. Delimiters that have no partner stay text.
 *
 * @param {readonly Token[]} tokens
 * @returns {Inline[]}
 */
export function toSpans(tokens) {
  pair(tokens.filter(isRun));
  /** @type {{ kind: Kind | undefined, children: Inline[] }[]} */
  const open = [{ kind: undefined, children: [] }];
  let tooDeep = 0;
  const add = (/** @type {Inline} */ piece) => append(open[open.length - 1]?.children ?? [], piece);
  for (const token of tokens) {
    if (!isRun(token)) {
      add(token);
      continue;
    }
    for (const kind of token.closes) {
      if (tooDeep > 0) {
        tooDeep--;
        add({ kind: "text", text: delimiter(token.letter, kind) });
      } else {
        const { children = [] } = open.pop() ?? {};
        add({ kind, children });
      }
    }
    add({ kind: "text", text: token.letter.repeat(token.left) });
    for (const kind of token.opens) {
      if (open.length > MAX_DEPTH) {
        tooDeep++;
        add({ kind: "text", text: delimiter(token.letter, kind) });
      } else open.push({ kind, children: [] });
    }
  }
  return (open[0]?.children ?? []).filter((piece) => piece.kind !== "text" || piece.text !== "");
}

/**
 * Finds out which delimiters belong together. Each is put on the stack and taken off it once.
 *
 * @param {readonly Run[]} runs
 */
function pair(runs) {
  /** @type {Run[]} */
  const openers = [];
  /** How many runs on the stack have one letter and length. @type {Map<string, number>} */
  const waiting = new Map();
  const count = (/** @type {Run} */ { letter, left }, /** @type {number} */ step) =>
    waiting.set(letter + left, (waiting.get(letter + left) ?? 0) + step);
  for (const run of runs) {
    const { letter } = run;
    const fits = (/** @type {number} */ left) => (waiting.get(letter + left) ?? 0) > 0;
    while (run.canClose && (PARTNERS[run.left] ?? []).some(fits)) {
      const opener = /** @type {Run} */ (openers.pop());
      count(opener, -1);
      // What was opened within and not closed there is text.
      if (opener.letter !== letter || !PARTNERS[run.left]?.includes(opener.left)) continue;
      const size = Math.min(opener.left, run.left, 2);
      const kind = kindOf(letter, size);
      opener.opens.unshift(kind);
      run.closes.push(kind);
      opener.left -= size;
      run.left -= size;
      if (opener.left === 0) continue;
      openers.push(opener);
      count(opener, 1);
    }
    if (!run.canOpen || run.left === 0) continue;
    openers.push(run);
    count(run, 1);
  }
}

/**
 * @param {string} letter
 * @param {number} size
 * @returns {Kind}
 */
function kindOf(letter, size) {
  if (letter === "~") return "strike";
  return size === 2 ? "strong" : "emphasis";
}

/**
 * @param {string} letter
 * @param {Kind} kind
 */
function delimiter(letter, kind) {
  return letter.repeat(kind === "emphasis" ? 1 : 2);
}

/**
 * @param {Token} token
 * @returns {token is Run}
 */
function isRun(token) {
  return "letter" in token;
}
