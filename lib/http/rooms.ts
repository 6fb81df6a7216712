import * as v from "valibot";
import { type Directs, partner } from "../chat/directs.ts";
import { refused, tooFast } from "../chat/outcome.ts";
import { parseName } from "../model/names.ts";
import type { User } from "../model/user.ts";
import type { Allowances } from "../socket/allowances.ts";
import type { Standing, Store } from "../store/store.ts";
import { readJson } from "./body.ts";
import { readInput } from "./input.ts";
import { Refusal } from "./refusal.ts";

/** What lists of rooms work with. */
export interface RoomServices {
  /** Where rooms and names are. */
  readonly store: Store;
  /** Whose the direct rooms are. */
  readonly directs: Directs;
  /** How much each person may ask for. */
  readonly allowances: Allowances;
}

const Partner = v.object({ name: v.string() });

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
    })).sort((one, other) => other.time - one.time),
  });
}

/** Answers the direct room with whoever holds a name, made if there is none. */
export async function openDirect(
  user: User,
  request: Request,
  { allowances, directs, store }: RoomServices,
): Promise<Response> {
  const parsed = parseName(readInput(Partner, await readJson(request)).name);
  if (!parsed.ok) throw new Refusal(refused("bad_name", parsed.reason));
  const waitMs = allowances.take(user.id);
  if (waitMs > 0) throw new Refusal(tooFast(waitMs));
  const other = await store.holder(parsed.name);
  if (!other) {
    throw new Refusal(refused("not_found", `Nobody is known here as "${parsed.name}" now`));
  }
  if (other.id === user.id) {
    throw new Refusal(refused("bad_request", "A direct room is one with somebody else"));
  }
  const direct = await directs.between([user, other]);
  return Response.json({ room: direct.room, with: partner(direct, user.id) });
}

/** What a person has in front of them in a direct room; one that they did not come back to for long counts as read. */
function summary(standing: Standing | undefined) {
  const { seq = 0, unread = 0, mentions = 0, newest } = standing ?? {};
  return { seq, time: newest?.time ?? 0, unread, mentions, ...(newest && { newest }) };
}
