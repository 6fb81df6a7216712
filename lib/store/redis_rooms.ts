import { GENERAL } from "../model/names.ts";
import { HEADS, toHeads } from "./redis_heads.ts";
import { PAGES, toMessages, toNewest } from "./redis_history.ts";
import type { RedisCaller } from "./redis_caller.ts";
import { MESSAGES } from "./redis_messages.ts";
import { PEOPLE, toPeople } from "./redis_presence.ts";
import { RedisScript } from "./redis_script.ts";
import type { Head, RoomSummary, Snapshot } from "./store.ts";

const HEADS_OF = new RedisScript([HEADS, "return {epoch, unpack(heads(1))}"]);

const SNAPSHOT = new RedisScript([
  PAGES,
  PEOPLE,
  `
local room, limit = ARGV[1], ARGV[2]
local rev, users = people(room)
local seq = tonumber(call('HGET', key('seq'), room) or 0)
return {epoch, seq, rev, users, newest(room, '+inf', '-inf', limit)}
`,
]);

/** Rooms by name, up to those whose name begins with `~`, which comes after all that a name may begin with. */
const ROOMS = new RedisScript([
  MESSAGES,
  `
local rooms, counts, newest = call('ZRANGEBYLEX', key('rooms'), '-', '(~'), {}, {}
for i, room in ipairs(rooms) do
  counts[i] = call('ZCARD', key('came', room))
  newest[i] = newest_of(room)
end
return {rooms, many('HMGET', key('seq'), rooms), many('HMGET', key('time'), rooms), counts, newest}
`,
]);

/** Where rooms stand, in Redis. */
export class RedisRooms {
  /** All scripts. */
  static readonly scripts: readonly RedisScript[] = [HEADS_OF, SNAPSHOT, ROOMS];
  readonly #caller: RedisCaller;

  /** Reads by way of the caller. */
  constructor(caller: RedisCaller) {
    this.#caller = caller;
  }

  /** The epoch and where rooms stand. */
  async heads(
    rooms: readonly string[],
  ): Promise<{ readonly epoch: string; readonly heads: readonly Head[] }> {
    const [epoch, seqs, revs] = await this.#caller.run(HEADS_OF, rooms) as [
      string,
      (string | null)[],
      (string | null)[],
    ];
    return { epoch, heads: toHeads(rooms, seqs, revs) };
  }

  /** A room as it stands. */
  async snapshot(room: string, limit: number): Promise<Snapshot> {
    const [epoch, seq, rev, users, found] = await this.#caller.run(SNAPSHOT, [room, limit]) as [
      string,
      number,
      number,
      string[],
      string[],
    ];
    return { epoch, seq, messages: toMessages(room, found), people: toPeople(rev, users) };
  }

  /** The rooms that people may list. */
  async rooms(): Promise<RoomSummary[]> {
    const [rooms, seqs, times, counts, newest] = await this.#caller.run(ROOMS, []) as [
      string[],
      (string | null)[],
      (string | null)[],
      number[],
      string[],
    ];
    return rooms.map((room, i) => ({
      room,
      seq: Number(seqs[i]),
      time: Number(times[i]),
      count: counts[i]!,
      ...toNewest(room, newest[i]!),
    })).filter(({ room, seq, count }) => seq > 0 || count > 0 || room === GENERAL);
  }
}
