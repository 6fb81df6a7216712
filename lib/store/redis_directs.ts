import type { User } from "../model/user.ts";
import { inOrder, newDirectName } from "./directs.ts";
import type { RedisCaller } from "./redis_caller.ts";
import { RedisScript } from "./redis_script.ts";
import { STANDINGS } from "./redis_standings.ts";
import type { Direct } from "./store.ts";

/**
 * The rooms of two people: `direct` has the name of each by the ids of the two, and `pairs` the two of each as JSON, as they
 * were given last.
 */
const DIRECT = new RedisScript([
  STANDINGS,
  `
local one, other, users, new = unpack(ARGV)
local two = one .. ' ' .. other
call('HSETNX', key('direct'), two, new)
local room = call('HGET', key('direct'), two)
call('HSET', key('pairs'), room, users)
enroll(one, room)
enroll(other, room)
return room
`,
]);

const OF = new RedisScript(["return call('HGET', key('pairs'), ARGV[1])"]);

const OF_USER = new RedisScript([`
local rooms = call('HKEYS', key('directs', ARGV[1]))
return {rooms, many('HMGET', key('pairs'), rooms)}
`]);

/** The rooms of two people in Redis. */
export class RedisDirects {
  /** All scripts. */
  static readonly scripts: readonly RedisScript[] = [DIRECT, OF, OF_USER];
  readonly #caller: RedisCaller;

  /** Reads and writes by way of the caller. */
  constructor(caller: RedisCaller) {
    this.#caller = caller;
  }

  /** The direct room of two people, made if they have none; a room of both from now on. */
  async direct(users: readonly [User, User]): Promise<Direct> {
    const [one, other] = inOrder(users).map(({ id, name }) => ({ id, name })) as [User, User];
    const packed = JSON.stringify([one, other]);
    const args = [one.id, other.id, packed, newDirectName()];
    return { room: await this.#caller.run(DIRECT, args) as string, users: [one, other] };
  }

  /** The two of a direct room. */
  async of(room: string): Promise<Direct | undefined> {
    const pair = await this.#caller.run(OF, [room]) as string | null;
    return pair === null ? undefined : { room, users: JSON.parse(pair) };
  }

  /** A person's direct rooms, by name. */
  async ofUser(userId: string): Promise<Direct[]> {
    const [rooms, pairs] = await this.#caller.run(OF_USER, [userId]) as [string[], string[]];
    return rooms.map((room, i) => ({ room, users: JSON.parse(pairs[i]!) }))
      .toSorted((a, b) => a.room < b.room ? -1 : 1);
  }
}
