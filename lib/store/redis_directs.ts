import type { User } from "../model/user.ts";
import { inOrder, newDirectName } from "./direct_room.ts";
import type { RedisCaller } from "./redis_caller.ts";
import { RedisScript } from "./redis_script.ts";
import { STANDINGS } from "./redis_standings.ts";
import type { Direct } from "./store.ts";

/**
 * The room of two people, under the new name that comes first if they have none: their ids come next, and both as JSON.
 *
 * `pairs` has the room of each two ids, and `direct` the people of each room.
 */
const MAKE = new RedisScript([
  STANDINGS,
  `
local new_room, first, second, users = unpack(ARGV)
local pair = first .. ' ' .. second
call('HSETNX', key('pairs'), pair, new_room)
local room = call('HGET', key('pairs'), pair)
call('HSET', key('direct'), room, users)
for _, user in ipairs({first, second}) do enroll(user, room) end
return room
`,
]);

const OF_ROOM = new RedisScript(["return call('HGET', key('direct'), ARGV[1])"]);

const OF_USER = new RedisScript([`
local rooms = call('HKEYS', key('directs', ARGV[1]))
return {rooms, many('HMGET', key('direct'), rooms)}
`]);

/** The rooms of two people, in Redis. */
export class RedisDirects {
  /** All scripts. */
  static readonly scripts: readonly RedisScript[] = [MAKE, OF_ROOM, OF_USER];
  readonly #caller: RedisCaller;

  /** Reads and writes by way of the caller. */
  constructor(caller: RedisCaller) {
    this.#caller = caller;
  }

  /** The direct room of two people, made if they have none; it is one of both. */
  async make(users: readonly [User, User]): Promise<Direct> {
    const [first, second] = inOrder(users).map(({ id, name }) => ({ id, name })) as [User, User];
    const people = JSON.stringify([first, second]);
    const args = [newDirectName(), first.id, second.id, people];
    const room = await this.#caller.run(MAKE, args) as string;
    return { room, users: [first, second] };
  }

  /** The direct room of this name. */
  async of(room: string): Promise<Direct | undefined> {
    const people = await this.#caller.run(OF_ROOM, [room]) as string | null;
    return people === null ? undefined : { room, users: JSON.parse(people) };
  }

  /** A person's direct rooms, by name. */
  async ofUser(userId: string): Promise<Direct[]> {
    const [rooms, people] = await this.#caller.run(OF_USER, [userId]) as [string[], string[]];
    return rooms.map((room, i) => ({ room, users: JSON.parse(people[i]!) }))
      .toSorted((a, b) => a.room < b.room ? -1 : 1);
  }
}
