import { decodeTime } from "@std/ulid";
import * as v from "valibot";
import type { Identity } from "../auth/tokens.ts";
import { type Directs, partner } from "../chat/directs.ts";
import type { Lobby } from "../chat/lobby.ts";
import { refused, tooFast } from "../chat/outcome.ts";
import { parseName } from "../model/names.ts";
import type { User } from "../model/user.ts";
import type { Allowances } from "../socket/allowances.ts";
import type { Direct, Standing, Store } from "../store/store.ts";
import { readJson } from "./body.ts";
import { badInput, readInput } from "./input.ts";
import { assertHoldsName } from "./name_holder.ts";
import { Refusal } from "./refusal.ts";

/** What lists of rooms work with. */
export interface RoomServices {
  /** Where rooms and names are. */
  readonly store: Store;
  /** Whose the direct rooms are. */
  readonly directs: Directs;
  /** Where people are, and what tells the two of a direct room. */
  readonly lobby: Lobby;
  /** How much each person may ask for. */
  readonly allowances: Allowances;
}

const Partner = v.object({ name: v.optional(v.string()), user_id: v.optional(v.string()) });

/** Answers the rooms of everybody, and a person's direct ones, the one in which something was said last first. */
export async function listRooms(
  user: User,
  { directs, store }: Pick<RoomServices, "directs" | "store">,
): Promise<Response> {
  const [rooms, standings, theirs] = await Promise.all([
    store.rooms(),
    store.standings(user),
    directs.ofUser(user.id),
  ]);
  const byRoom = new Map(standings.map((standing) => [standing.room, standing]));
  return Response.json({
    rooms: rooms.map((room) => {
      const standing = byRoom.get(room.room);
      return standing ? { ...room, unread: standing.unread, mentions: standing.mentions } : room;
    }),
    directs: Array.from(theirs.values(), (direct) => ({
      room: direct.room,
      with: partner(direct, user.id),
      ...summary(byRoom.get(direct.room)),
    })).sort((one, other) => usedAt(other) - usedAt(one)),
  });
}

/**
 * Answers the direct room of a person and somebody else, and makes it if they have none: at the cost of a message.
 *
 * Anybody is found by a name that they hold now. By an id is found who has a room with the person already, or is in a room
 * of theirs.
 */
export async function openDirect(
  identity: Identity,
  request: Request,
  services: RoomServices,
): Promise<Response> {
  const { allowances, directs, lobby, store } = services;
  const { user } = identity;
  const wanted = readInput(Partner, await readJson(request));
  const waitMs = allowances.take(user.id);
  if (waitMs > 0) throw new Refusal(tooFast(waitMs));
  await assertHoldsName(identity, store);

  const theirs = await directs.ofUser(user.id);
  const other = await findPartner(user, wanted, theirs, services);
  if (other.id === user.id) {
    throw new Refusal(refused("bad_request", "A direct room is one with somebody else"));
  }
  const direct = await directs.between([user, other]);
  lobby.introduce(direct);
  return Response.json(
    { room: direct.room, with: partner(direct, user.id) },
    { status: theirs.has(direct.room) ? 200 : 201 },
  );
}

async function findPartner(
  user: User,
  { name, user_id }: v.InferOutput<typeof Partner>,
  theirs: ReadonlyMap<string, Direct>,
  services: RoomServices,
): Promise<User> {
  if (name !== undefined && user_id === undefined) return await findByName(services.store, name);
  if (user_id === undefined || name !== undefined) {
    throw badInput("name", `Expected either it or "user_id"`);
  }
  if (user_id === user.id) return user;
  const spokenWith = theirs.values().flatMap(({ users }) => users)
    .find(({ id }) => id === user_id);
  const known = spokenWith ?? await findPresent(user, user_id, services);
  if (known) return known;
  throw new Refusal(
    refused("not_found", `Nobody with the id "${user_id}" is in a room of yours: give their name`),
  );
}

async function findByName(store: Store, input: string): Promise<User> {
  const parsed = parseName(input);
  if (!parsed.ok) throw new Refusal(refused("bad_name", parsed.reason));
  const holder = await store.holder(parsed.name);
  if (holder) return holder;
  throw new Refusal(refused("not_found", `Nobody is known here as "${parsed.name}" now`));
}

/** Somebody who is in one of a person's rooms now. */
async function findPresent(
  user: User,
  userId: string,
  { lobby, store }: Pick<RoomServices, "lobby" | "store">,
): Promise<User | undefined> {
  for (const { room } of await store.standings(user)) {
    const person = (await lobby.open(room)).person(userId);
    if (person) return person;
  }
  return undefined;
}

/** When something was said last in a direct room, or else when it was made. */
function usedAt({ room, time }: { readonly room: string; readonly time: number }): number {
  return time > 0 ? time : decodeTime(room.slice(1));
}

/** What a person has in front of them in a direct room. */
function summary(standing: Standing | undefined) {
  const { seq = 0, unread = 0, mentions = 0, newest } = standing ?? {};
  return { seq, time: newest?.time ?? 0, unread, mentions, ...(newest && { newest }) };
}
