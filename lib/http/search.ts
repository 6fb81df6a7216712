import * as v from "valibot";
import type { Directs } from "../chat/directs.ts";
import { tooFast } from "../chat/outcome.ts";
import { parseSearch } from "../model/search_terms.ts";
import type { User } from "../model/user.ts";
import type { Allowances } from "../socket/allowances.ts";
import type { Store } from "../store/store.ts";
import { viewMessage } from "../wire/encode.ts";
import { assertMay, badInput, readInput } from "./input.ts";
import { problem } from "./problem.ts";
import { Refusal } from "./refusal.ts";

/** How many messages one answer holds at the most. */
const MAX_FOUND = 50;
/** How many messages may be passed over. */
const MAX_OFFSET = 1000;

const wholeNumber = v.pipe(v.string(), v.digits(), v.transform(Number), v.safeInteger());
/** Milliseconds since 1970, or a date, which is UTC unless it says otherwise (RFC 3339). */
const moment = v.union([
  wholeNumber,
  v.pipe(
    v.string(),
    v.regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/),
    v.transform(Date.parse),
    v.safeInteger(),
  ),
], "Must be milliseconds since 1970, or a date as in 2026-01-31 or 2026-01-31T12:00:00Z");

const Search = v.object({
  q: v.string(),
  room: v.optional(v.string()),
  from: v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(64))),
  since: v.optional(moment),
  until: v.optional(moment),
  order: v.optional(v.picklist(["best", "newest"]), "best"),
  offset: v.optional(v.pipe(wholeNumber, v.maxValue(MAX_OFFSET)), "0"),
  limit: v.optional(v.pipe(wholeNumber, v.minValue(1), v.maxValue(MAX_FOUND)), "20"),
});

/** What a search works with. */
export interface SearchServices {
  /** Where messages are. */
  readonly store: Store;
  /** Whose the direct rooms are. */
  readonly directs: Directs;
  /** How much each person may ask for. */
  readonly allowances: Allowances;
}

/** Answers the messages in which a person finds what they look for: in rooms that they may read, and at the cost of a message. */
export async function search(
  user: User,
  query: URLSearchParams,
  { store, directs, allowances }: SearchServices,
): Promise<Response> {
  if (!store.searchable) {
    return problem(
      501,
      "unavailable",
      "Messages cannot be searched here: the store of this server has no index of words",
    );
  }
  const input = readInput(Search, Object.fromEntries(query));
  const { q, room, from: author, since, until, order, offset, limit } = input;
  const parsed = parseSearch(q);
  if (!parsed.ok) throw badInput("q", parsed.reason);
  if (room !== undefined) await assertMay(directs, user, "read", room);
  const waitMs = allowances.take(user.id);
  if (waitMs > 0) throw new Refusal(tooFast(waitMs));

  const theirs = room === undefined ? [...(await directs.ofUser(user.id)).keys()] : [];
  const found = await store.search({
    terms: parsed.terms,
    room,
    directs: theirs,
    author,
    since,
    until,
    newest: order === "newest",
    offset,
    // One more tells whether there are more.
    limit: limit + 1,
  });
  const messages = (found ?? []).slice(0, limit);
  return Response.json({
    messages: messages.map((message) => viewMessage(message, user.id)),
    more: found !== undefined && found.length > limit,
  });
}
