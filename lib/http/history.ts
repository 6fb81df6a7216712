import * as v from "valibot";
import type { Directs } from "../chat/directs.ts";
import { notFound } from "../chat/outcome.ts";
import { placeOf } from "../chat/place.ts";
import type { User } from "../model/user.ts";
import type { Store } from "../store/store.ts";
import { viewMessage } from "../wire/encode.ts";
import { assertMay, readInput } from "./input.ts";
import { Refusal } from "./refusal.ts";

/** How many messages a page holds at the most. */
const MAX_PAGE = 100;

/** How many of those who reacted with one emoji are told at the most. */
const MAX_REACTORS = 100;

const wholeNumber = v.pipe(v.string(), v.digits(), v.transform(Number), v.safeInteger());
const PageQuery = v.object({
  before: v.optional(wholeNumber),
  after: v.optional(wholeNumber),
  first: v.optional(v.pipe(
    v.picklist(["true", "false"]),
    v.transform((value) => value === "true"),
  )),
  limit: v.optional(v.pipe(wholeNumber, v.minValue(1), v.maxValue(MAX_PAGE)), "50"),
});
const PlaceQuery = v.object({ time: wholeNumber });

/** Answers what is asked of the messages of one room. */
export class HistoryApi {
  readonly #store: Store;
  readonly #directs: Directs;

  /** Reads in the store. */
  constructor(store: Store, directs: Directs) {
    this.#store = store;
    this.#directs = directs;
  }

  /** A page of messages. */
  async page(user: User, room: string, query: URLSearchParams): Promise<Response> {
    await assertMay(this.#directs, user, "read", room);
    const bounds = readInput(PageQuery, Object.fromEntries(query));
    const messages = await this.#store.page(room, bounds);
    return Response.json({ messages: messages.map((message) => viewMessage(message, user.id)) });
  }

  /** One message. */
  async message(user: User, room: string, id: string): Promise<Response> {
    await assertMay(this.#directs, user, "read", room);
    const message = await this.#store.message(room, id);
    if (message === undefined) throw new Refusal(notFound(id));
    return Response.json({ message: viewMessage(message, user.id) });
  }

  /** Who reacted to one message: of each emoji the first people, in the order in which they did. */
  async reactions(user: User, room: string, id: string): Promise<Response> {
    await assertMay(this.#directs, user, "read", room);
    const message = await this.#store.message(room, id);
    if (message === undefined) throw new Refusal(notFound(id));
    const reactions = Object.entries(message.reactions ?? {}).map(([emoji, userIds]) => ({
      emoji,
      count: userIds.length,
      mine: userIds.includes(user.id),
      first: userIds.slice(0, MAX_REACTORS),
    }));
    const holders = await this.#store.holders(reactions.flatMap(({ first }) => first));
    const known = new Map(holders.map((holder) => [holder.id, holder]));
    return Response.json({
      seq: message.seq,
      reactions: Object.fromEntries(
        reactions.map(({ emoji, count, mine, first }) => {
          const users = first.map((id) => known.get(id) ?? { id });
          return [emoji, { count, mine, users }];
        }),
      ),
    });
  }

  /** Where a time is among the messages. */
  async place(user: User, room: string, query: URLSearchParams): Promise<Response> {
    await assertMay(this.#directs, user, "read", room);
    const { time } = readInput(PlaceQuery, Object.fromEntries(query));
    return Response.json({ pos: await placeOf(this.#store, room, time) });
  }
}
