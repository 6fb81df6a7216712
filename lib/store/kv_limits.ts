import type { Key } from "./kv_keys.ts";

/**
 * What a Deno KV database takes, as Deno enforces it (2.9.6: each was tried, one byte or one key over it is refused) and
 * its documentation says.
 */
export const KV_LIMITS = {
  /** Bytes of a key. */
  keyBytes: 2_048,
  /** Bytes of a value, as V8 serializes it. */
  valueBytes: 65_536,
  /** Keys that one read or one watch asks for. */
  keysARead: 10,
  /** Entries of a list that come with one read. */
  entriesARead: 1_000,
  /** Checks of a commit. */
  checks: 100,
  /** Changes of a commit. */
  mutations: 1_000,
  /** Bytes of the keys and the values of a commit together. */
  commitBytes: 819_200,
  /** Bytes of the keys of a commit that get a value. */
  commitKeyBytes: 81_920,
} as const;

/**
 * The most checks of a commit over the network: a server that somebody runs themselves takes no more
 * (denokv 0.8, `limits.rs`).
 */
export const REMOTE_CHECKS = 10;

/**
 * The most characters (code points) of a message that fit into one value, whatever they are: 60,000 bytes at four a
 * character. The rest is for names, ids, the nonce and the counts of up to 20 emoji.
 */
export const KV_MAX_MESSAGE_CHARS = 15_000;

// deno-lint-ignore no-control-regex -- every character of one byte
const LATIN1 = /^[\u0000-\u00ff]*$/;
// deno-lint-ignore no-control-regex -- every character of one byte but NUL
const ASCII = /^[\u0001-\u007f]*$/;

/** The most bytes that a value may take: V8 writes a text in one byte a code unit if it can, and in two if it cannot. */
export function valueBytes(value: unknown): number {
  switch (typeof value) {
    case "string":
      return 6 + (LATIN1.test(value) ? value.length : 2 * value.length);
    case "object":
      if (value === null) return 1;
      return Object.entries(value).reduce(
        (sum, [name, part]) => sum + valueBytes(name) + valueBytes(part),
        // What it begins and ends with, and the version of the format.
        16,
      );
    default:
      return 10;
  }
}

/** The most bytes that a key takes: a text is UTF-8 between two bytes, in which NUL takes two, and a number nine. */
export function keyBytes(key: Key): number {
  return key.reduce<number>((sum, part) => sum + partBytes(part), 0);
}

function partBytes(part: Key[number]): number {
  if (typeof part !== "string") return 9;
  return 2 + (ASCII.test(part) ? part.length : 3 * part.length);
}
