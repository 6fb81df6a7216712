import type { Post } from "./link.ts";

/** A notification must be shorter than 8,000 bytes. */
export const MAX_PAYLOAD_BYTES = 7_999;

/** The parts of a post that are lists, and may be told in several posts, in this order: who has a direct room hears of it first. */
const LISTS = ["directs", "changes", "heads", "moves", "typing", "reads", "takenOver"] as const;

type Entry = readonly [list: typeof LISTS[number], entry: unknown];

const encoder = new TextEncoder();

/**
 * Turns a post into payloads, each a post of its own and as short as one may be.
 *
 * An entry that is too long alone is left out: it is a hint, and the next beat tells what it told.
 */
export function packPost(post: Post): string[] {
  const payload = JSON.stringify(post);
  if (isShort(payload)) return [payload];
  const entries = LISTS.flatMap((list) => (post[list] ?? []).map((entry): Entry => [list, entry]));
  if (entries.length <= 1) return [];
  const middle = Math.ceil(entries.length / 2);
  const head = { v: post.v, from: post.from, epoch: post.epoch };
  return [entries.slice(0, middle), entries.slice(middle)].flatMap((half) =>
    packPost({ ...head, ...collect(half) })
  );
}

function isShort(payload: string): boolean {
  // Most are, which their length alone tells.
  return payload.length * 3 <= MAX_PAYLOAD_BYTES ||
    encoder.encode(payload).length <= MAX_PAYLOAD_BYTES;
}

function collect(entries: readonly Entry[]): Partial<Post> {
  return Object.fromEntries(
    Map.groupBy(entries, ([list]) => list).entries().map(
      ([list, of]) => [list, of.map(([, entry]) => entry)],
    ),
  );
}
