// @ts-check
import { foldName, mentions } from "../mentions.js";

/** What may stand before the `@` of a mention, and after its name: anything but a letter, a digit or `_`. */
const WORD = /[\p{L}\p{M}\p{N}_]/u;

/** The names of people whom a text may mention. */
export class Names {
  /** @type {Set<string>} */
  #names = new Set();
  /** The lengths that names have as they are written, the longest first. @type {number[]} */
  #lengths;
  /** @type {Set<string>} */
  #firsts = new Set();
  #me;

  /**
   * @param {Iterable<string>} names
   * @param {string} [me] the name of the person who reads
   */
  constructor(names, me) {
    const lengths = new Set();
    for (const name of me === undefined ? names : [...names, me]) {
      const folded = foldName(name);
      this.#names.add(folded);
      this.#firsts.add(folded.charAt(0));
      // Some letters fold to two.
      lengths.add(name.length).add(folded.length);
    }
    this.#lengths = [...lengths].sort((a, b) => b - a);
    this.#me = me === undefined ? undefined : foldName(me);
  }

  /**
   * Whether a text mentions the person who reads, by the rule of the server.
   *
   * @param {string} text
   */
  mentionMe(text) {
    return this.#me !== undefined && mentions(text, this.#me);
  }

  /**
   * The person whom a text mentions with the `@` at a place: where the name ends, and whether it is the reader's.
   *
   * @param {string} text
   * @param {number} at
   * @returns {{ end: number, me: boolean } | undefined}
   */
  mentionedAt(text, at) {
    if (WORD.test(text.charAt(at - 1))) return undefined;
    if (!this.#firsts.has(foldName(text.charAt(at + 1)).charAt(0))) return undefined;
    for (const length of this.#lengths) {
      const end = at + 1 + length;
      if (end > text.length || WORD.test(String.fromCodePoint(text.codePointAt(end) ?? 0x20))) {
        continue;
      }
      const folded = foldName(text.slice(at + 1, end));
      if (this.#names.has(folded)) return { end, me: folded === this.#me };
    }
    return undefined;
  }
}
