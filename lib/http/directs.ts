import { decodeTime } from "@std/ulid";
import * as v from "valibot";
import type { Identity } from "../auth/tokens.ts";
import { type Directs, otherOf } from "../chat/directs.ts";
import type { Lobby } from "../chat/lobby.ts";
import { refused, tooFast } from "../chat/outcome.ts";
import type { Newest } from "../model/message.ts";
import { parseName } from "../model/names.ts";
import type { User } from "../model/user.ts";
import type { Allowances } from "../socket/allowances.ts";
import type { Direct, Standing, Store } from "../store/store.ts";
import { readJson } from "./body.ts";
import { badInput, readInput } from "./input.ts";
import { assertHoldsName } from "./name_holder.ts";
import { Refusal } from "./refusal.ts";

const Wanted = v.object({ name: v.optional(v.string()), user_id: v.optional(v.string()) });

/** What direct rooms are made and listed with. */
export interface DirectServices {
  /** Where they are. */
  readonly store: Store;
  /** Whose they are. */
  readonly directs: Directs;
  /** Tells the two of them. */
  readonly lobby: Lobby;
  /** How much each person may ask for. */
  readonly allowances: Allowances;
}

/** One of a person's direct rooms, in a list. */
export interface DirectView {
  /** The room's name. */
  readonly room: string;
  /** The other one. */
  readonly with: User;
  /** The `seq` of its latest change. */
  readonly seq: number;
  /** When its newest message was sent, in milliseconds since 1970; 0 if there is none that was not deleted. */
  readonly time: number;
  /** Messages that the person has not read; 100 stands for any more. */
  readonly unread: number;
  /** How many of them name the person. */
  readonly mentions: number;
  /** Its newest message; absent if there is none that was not deleted. */
  readonly newest?: Newest;
}

/** A person's direct rooms, of all in which they stand: the ones with the newest messages first, or that are new themselves. */
export async function listDirects(
  user: User,
  standings: readonly Standing[],
  directs: Directs,
): Promise<DirectView[]> {
  const others = await directs.others(user.id, standings);
  return standings.flatMap(({ room, seq, unread, mentions, newest }) => {
    const other = others.get(room);
    const time = newest?.time ?? 0;
    return other ? [{ room, with: other, seq, time, unread, mentions, newest }] : [];
  }).toSorted((a, b) => usedAt(b) - usedAt(a));
}

function usedAt({ room, newest }: DirectView): number {
  return newest?.time ?? decodeTime(room.slice(1));
}

/**
 * Answers the direct room of a person and somebody else, and makes it if they have none: at the cost of a message.
 *
 * Anybody is found by a name that they hold now. An id is found of somebody with whom the person has a room already, or who is
 * in a room of theirs: ids are no secret, but who does not know the name has not met their holder.
 */
export async function openDirect(
  identity: Identity,
  request: Request,
  { allowances, directs, lobby, store }: DirectServices,
): Promise<Response> {
  const { user } = identity;
  const { name, user_id } = readInput(v.safeParse(Wanted, await readJson(request)));
  const waitMs = allowances.take(user.id);
  if (waitMs > 0) throw new Refusal(tooFast(waitMs));
  await assertHoldsName(identity, store);

  const theirs = await store.directs(user.id);
  directs.note(theirs);
  const other = await findOther();
  if (other.id === user.id) {
    throw new Refusal(refused("bad_request", "A direct room is with somebody else: this is you"));
  }
  const direct = await store.direct([user, other]);
  lobby.introduce(direct);
  const isNew = theirs.every(({ room }) => room !== direct.room);
  const answer = { room: direct.room, with: otherOf(direct.users, user.id) };
  return Response.json(answer, { status: isNew ? 201 : 200 });

  async function findOther(): Promise<User> {
    if (name !== undefined && user_id === undefined) return await findByName(store, name);
    if (user_id !== undefined && name === undefined) return await findById(user_id);
    throw badInput("name", `Expected either it or "user_id"`);
  }

  async function findById(id: string): Promise<User> {
    if (id === user.id) return user;
    const known = spokenWith(theirs, id) ?? await findPresent(id);
    if (known) return known;
    throw new Refusal(
      refused("not_found", `Nobody with the id "${id}" is in a room of yours: give their name`),
    );
  }

  async function findPresent(id: string): Promise<User | undefined> {
    for (const { room } of await store.standings(user)) {
      const person = (await lobby.open(room)).person(id);
      if (person) return person;
    }
    return undefined;
  }
}

async function findByName(store: Store, input: string): Promise<User> {
  const parsed = parseName(input);
  if (!parsed.ok) throw new Refusal(refused("bad_name", parsed.reason));
  const holder = await store.holder(parsed.name);
  if (holder) return holder;
  throw new Refusal(refused("not_found", `Nobody holds the name "${parsed.name}" now`));
}

/** Somebody with whom a person has one of their direct rooms. */
function spokenWith(theirs: readonly Direct[], id: string): User | undefined {
  return theirs.flatMap(({ users }) => users).find((user) => user.id === id);
}
