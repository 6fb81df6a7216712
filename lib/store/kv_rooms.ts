import { GENERAL } from "../model/names.ts";
import type { KvDatabase } from "./kv_database.ts";
import type { KvHistory } from "./kv_history.ts";
import { KEYS } from "./kv_keys.ts";
import type { HeadRecord } from "./kv_messages.ts";
import type { PeopleRecord } from "./kv_seats.ts";
import type { Head, RoomSummary } from "./store.ts";

/** Where rooms stand, in Deno KV. */
export class KvRooms {
  readonly #db: KvDatabase;
  readonly #history: KvHistory;

  /** Reads from the database; what was said last by way of the history. */
  constructor(db: KvDatabase, history: KvHistory) {
    this.#db = db;
    this.#history = history;
  }

  /** Where rooms stand, in the order asked. */
  async heads(rooms: readonly string[]): Promise<Head[]> {
    const stands = await this.#stands(rooms);
    return stands.map(({ room, head, people }) => ({
      room,
      seq: head?.seq ?? 0,
      rev: people?.rev ?? 0,
    }));
  }

  /** The rooms that people may list, by name: those before `~`, which comes behind all that a name may begin with. */
  async rooms(): Promise<RoomSummary[]> {
    const found = await this.#db.listAll({ start: KEYS.room(""), end: KEYS.room("~") });
    const names = new Set([GENERAL, ...found.map(({ key }) => key.at(-1) as string)]);
    const stands = await this.#stands([...names].sort());
    const summaries = await Promise.all(stands.map(async ({ room, head, people }) => ({
      room,
      seq: head?.seq ?? 0,
      time: head?.time ?? 0,
      count: people?.count ?? 0,
      ...await this.#history.newestOf(room, head),
    })));
    return summaries.filter(({ room, seq, count }) => seq > 0 || count > 0 || room === GENERAL);
  }

  async #stands(rooms: readonly string[]) {
    const [heads, people] = await Promise.all([
      this.#db.getMany<HeadRecord>(rooms.map((room) => KEYS.log(room, true))),
      this.#db.getMany<PeopleRecord>(rooms.map((room) => KEYS.people(room))),
    ]);
    return rooms.map((room, i) => ({ room, head: heads[i]!.value, people: people[i]!.value }));
  }
}
