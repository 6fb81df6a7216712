import type { User } from "../model/user.ts";
import { type Key, KEYS } from "./kv_keys.ts";
import type { KvTransaction } from "./kv_transaction.ts";

/** Where the people of a room stand. */
export interface PeopleRecord {
  /** The number of its latest move. */
  readonly rev: number;
  /** How many people are in it. */
  readonly count: number;
}

/** Of a room in which nobody ever was. */
export const NO_PEOPLE: PeopleRecord = { rev: 0, count: 0 };

/** A person in a room. */
interface SeatRecord {
  /** The number of the move with which they came. */
  readonly rev: number;
  /** At how many instances they are in it. */
  readonly instances: number;
}

/** The keys that {@linkcode comeIn} and {@linkcode goOut} read beside that of the room's people. */
export function seatKeys(instance: string, room: string, userId: string): Key[] {
  return [KEYS.here(instance, room, userId), KEYS.seat(room, userId)];
}

/**
 * Notes that somebody is in a room at an instance; answers the number of the move if they were there at none.
 *
 * Whatever changes who is in a room changes the entry of its people, and rests on it.
 */
export async function comeIn(
  tx: KvTransaction,
  instance: string,
  room: string,
  { id, name }: User,
): Promise<number | undefined> {
  const people = await tx.guard<PeopleRecord>(KEYS.people(room)) ?? NO_PEOPLE;
  if (await tx.read(KEYS.here(instance, room, id)) !== undefined) return;
  const seat = await tx.read<SeatRecord>(KEYS.seat(room, id));
  tx.set(KEYS.here(instance, room, id), name);
  if (seat !== undefined) {
    tx.set(KEYS.seat(room, id), { ...seat, instances: seat.instances + 1 });
    tx.set(KEYS.people(room), people);
    return;
  }
  const rev = people.rev + 1;
  if (rev === 1) tx.set(KEYS.room(room), true);
  tx.set(KEYS.seat(room, id), { rev, instances: 1 });
  tx.set(KEYS.came(room, rev), { id, name });
  tx.set(KEYS.people(room), { rev, count: people.count + 1 });
  return rev;
}

/** Notes that somebody is not in a room at an instance any more; answers the number of the move if they are now at none. */
export async function goOut(
  tx: KvTransaction,
  instance: string,
  room: string,
  userId: string,
): Promise<number | undefined> {
  const people = await tx.guard<PeopleRecord>(KEYS.people(room)) ?? NO_PEOPLE;
  const here = KEYS.here(instance, room, userId);
  if (await tx.read(here) === undefined) return;
  const key = KEYS.seat(room, userId);
  const seat = (await tx.read<SeatRecord>(key))!;
  tx.delete(here);
  if (seat.instances > 1) {
    tx.set(key, { ...seat, instances: seat.instances - 1 });
    tx.set(KEYS.people(room), people);
    return;
  }
  const rev = people.rev + 1;
  tx.delete(key);
  tx.delete(KEYS.came(room, seat.rev));
  tx.set(KEYS.people(room), { rev, count: people.count - 1 });
  return rev;
}
