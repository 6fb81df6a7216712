import { nameKey } from "../model/names.ts";
import type { RedisCaller } from "./redis_caller.ts";
import { NAMES } from "./redis_names.ts";
import { HEADS, toHeads } from "./redis_heads.ts";
import { RedisScript } from "./redis_script.ts";
import { STANDINGS } from "./redis_standings.ts";
import {
  type Beat,
  type Claim,
  MAX_REMOVED,
  type Move,
  type Moved,
  type People,
  type Pulse,
} from "./store.ts";

/** How long the lease of an instance holds that writes before its first beat, in milliseconds. */
const FIRST_LEASE_MS = 30_000;

/** Everyone in a room, each as two texts: the id and the name as JSON. */
export const PEOPLE = `
local function people(room)
  local users, found = call('ZRANGE', key('came', room), 0, -1), {}
  local names = many('HMGET', key('called', room), users)
  for i, user in ipairs(users) do
    table.insert(found, user)
    table.insert(found, names[i])
  end
  return tonumber(call('HGET', key('rev'), room) or 0), found
end
`;

/**
 * Who is connected and who is in which room, under the leases of instances.
 *
 * Of an instance: `leases` has its end, `beaten` whether it knows of this lease, `online` who is connected to it,
 * `taken` who of them was taken over elsewhere, and `here` who is in which room at it, under what name. Of a room: `came` has the rev with
 * which each person came, `seats` at how many instances they are, and `called` their names. `at` has the instances of a person.
 */
const PRESENCE = `
${NAMES}
${STANDINGS}
local leases, beaten = key('leases'), key('beaten')
local function add_instance(instance)
  call('ZADD', leases, 'NX', now() + ${FIRST_LEASE_MS}, instance)
end
local function number(room)
  local rev = call('HINCRBY', key('rev'), room, 1)
  if rev == 1 then call('ZADD', key('rooms'), 0, room) end
  return rev
end
local function come_in(instance, room, user, name)
  local rev = 0
  if call('HSETNX', key('here', instance), room .. ' ' .. user, name) == 1
    and call('HINCRBY', key('seats', room), user, 1) == 1 then
    rev = number(room)
    call('ZADD', key('came', room), rev, user)
    call('HSET', key('called', room), user, name)
  end
  enroll(user, room)
  return rev
end
local function go_out(instance, room, user)
  if call('HDEL', key('here', instance), room .. ' ' .. user) == 0 then return 0 end
  if call('HINCRBY', key('seats', room), user, -1) > 0 then return 0 end
  call('HDEL', key('seats', room), user)
  call('HDEL', key('called', room), user)
  call('ZREM', key('came', room), user)
  return number(room)
end
-- Answers how many rooms were forgotten.
local function go_offline(instance, user, since)
  call('SREM', key('at', user), instance)
  if call('SCARD', key('at', user)) > 0 then return 0 end
  -- Nobody can come back under a name that is not kept, so nobody has use for its rooms.
  return keep_name(user, since) and 0 or forget(user)
end
`;

const CONNECT = new RedisScript([
  PRESENCE,
  `
local instance, held = ARGV[1], {}
add_instance(instance)
for i = 2, #ARGV, 5 do
  local name, user, written, keep, takes_over = unpack(ARGV, i, i + 4)
  local is_held = claim(name, user, written, tonumber(keep))
  if is_held then
    call('SADD', key('online', instance), user)
    call('SADD', key('at', user), instance)
    if takes_over == '1' then
      for _, other in ipairs(call('SMEMBERS', key('at', user))) do
        call(other == instance and 'SREM' or 'SADD', key('taken', other), user)
      end
    end
  end
  table.insert(held, is_held and 1 or 0)
end
return held
`,
]);

const DISCONNECT = new RedisScript([
  PRESENCE,
  `
local instance = ARGV[1]
for i = 2, #ARGV do
  local user = ARGV[i]
  call('SREM', key('taken', instance), user)
  if call('SREM', key('online', instance), user) == 1 then go_offline(instance, user, now()) end
end
`,
]);

const MOVE = new RedisScript([
  PRESENCE,
  `
local instance, revs = ARGV[1], {}
add_instance(instance)
for i = 2, #ARGV, 4 do
  local room, user, name, on = unpack(ARGV, i, i + 3)
  table.insert(revs, on == '1' and come_in(instance, room, user, name) or go_out(instance, room, user))
end
return revs
`,
]);

const PEOPLE_OF = new RedisScript([
  PEOPLE,
  "local rev, found = people(ARGV[1]) return {rev, found}",
]);

const BEAT = new RedisScript([
  PRESENCE,
  HEADS,
  `
local instance, lease, started = ARGV[1], tonumber(ARGV[2]), now()
local taken = call('SMEMBERS', key('taken', instance))
call('DEL', key('taken', instance))

local gone, left = {}, ${MAX_REMOVED}
-- Some members of a set or a hash, or all if there are fewer: in one list, as they are told.
local function some(command, of, size)
  local found, cursor = {}, '0'
  repeat
    local scanned = call(command, of, cursor, 'COUNT', left)
    cursor = scanned[1]
    for _, one in ipairs(scanned[2]) do table.insert(found, one) end
  until cursor == '0' or #found >= left * size
  return found
end
local function remove_places(lapsed)
  local places, rows = {}, some('HSCAN', key('here', lapsed), 2)
  for i = 1, math.min(#rows, 2 * left), 2 do
    local room, user = string.match(rows[i], '^(%S+) (.*)$')
    local came = tonumber(call('ZSCORE', key('came', room), user))
    table.insert(places, {room = room, user = user, name = rows[i + 1], came = came})
  end
  table.sort(places, function(a, b)
    if a.room ~= b.room then return a.room < b.room end
    return a.came < b.came
  end)
  for _, one in ipairs(places) do
    local rev = go_out(lapsed, one.room, one.user)
    if rev > 0 then table.insert(gone, {one.room, one.user, one.name, rev}) end
  end
  left = left - #places
end
local function remove_people(lapsed, ended)
  for _, user in ipairs(some('SSCAN', key('online', lapsed), 1)) do
    if left <= 0 then return end
    call('SREM', key('online', lapsed), user)
    left = left - 1 - go_offline(lapsed, user, ended)
  end
end
local lapsed = call('ZRANGEBYSCORE', leases, '-inf', started, 'WITHSCORES')
for i = 1, #lapsed, 2 do
  remove_places(lapsed[i])
  if left > 0 then remove_people(lapsed[i], tonumber(lapsed[i + 1])) end
  if left <= 0 then break end
  call('ZREM', leases, lapsed[i])
  call('SREM', beaten, lapsed[i])
  call('DEL', key('taken', lapsed[i]))
end
remove_expired()

local ends = call('ZSCORE', leases, instance)
local goes = ends and tonumber(ends) <= started
local held = goes and 0 or call('SISMEMBER', beaten, instance)
if not goes then
  call('ZADD', leases, started + lease, instance)
  call('SADD', beaten, instance)
end
return {epoch, held, taken, gone, left <= 0 and 1 or 0, unpack(heads(3))}
`,
]);

const EXPIRE = new RedisScript([
  PRESENCE,
  "call('ZADD', leases, 'XX', now() + tonumber(ARGV[2]), ARGV[1])",
]);

type Gone = [room: string, id: string, name: string, rev: number];

/** Who is connected and who is in which room, in Redis, under the leases of their instances. */
export class RedisPresence {
  /** All scripts. */
  static readonly scripts: readonly RedisScript[] = [
    CONNECT,
    DISCONNECT,
    MOVE,
    PEOPLE_OF,
    BEAT,
    EXPIRE,
  ];
  readonly #caller: RedisCaller;

  /** Reads and writes by way of the caller. */
  constructor(caller: RedisCaller) {
    this.#caller = caller;
  }

  /** Notes people as connected at an instance; `false` for each whose name somebody else holds. */
  async connect(instance: string, claims: readonly Claim[]): Promise<boolean[]> {
    const fields = claims.flatMap(({ user, keepMs, takesOver }) => [
      nameKey(user.name),
      user.id,
      JSON.stringify(user.name),
      keepMs,
      takesOver ? 1 : 0,
    ]);
    const held = await this.#caller.run(CONNECT, [instance, ...fields]) as number[];
    return held.map((one) => one === 1);
  }

  /** Notes people as no longer connected at an instance. Where they are is for {@linkcode move} to tell. */
  async disconnect(instance: string, userIds: readonly string[]): Promise<void> {
    await this.#caller.run(DISCONNECT, [instance, ...userIds]);
  }

  /** Notes who is in which room at an instance, and numbers what can be seen of it. */
  async move(instance: string, moves: readonly Move[]): Promise<(Moved | undefined)[]> {
    const fields = moves.flatMap(({ room, user, on }) => [
      room,
      user.id,
      JSON.stringify(user.name),
      on ? 1 : 0,
    ]);
    const revs = await this.#caller.run(MOVE, [instance, ...fields]) as number[];
    return moves.map((move, i) => revs[i]! > 0 ? { ...move, rev: revs[i]! } : undefined);
  }

  /** Everyone in a room, in the order in which they came. */
  async people(room: string): Promise<People> {
    const [rev, found] = await this.#caller.run(PEOPLE_OF, [room]) as [number, string[]];
    return toPeople(rev, found);
  }

  /**
   * Removes the instances whose lease ran out, this one too, renews its lease once nothing of an older one is left, and
   * says where rooms stand.
   *
   * `held` is false at the first beat of a lease: whoever had one before may have been removed by another instance.
   */
  async beat({ instance, leaseMs, rooms }: Beat): Promise<Pulse> {
    const answer = await this.#caller.run(BEAT, [instance, leaseMs, ...rooms]);
    const [epoch, held, takenOver, gone, more, seqs, revs] = answer as [
      string,
      number,
      string[],
      Gone[],
      number,
      (string | null)[],
      (string | null)[],
    ];
    return {
      epoch,
      held: held === 1,
      takenOver,
      gone: gone.map(([room, id, name, rev]) => ({
        room,
        user: { id, name: JSON.parse(name) },
        on: false,
        rev,
      })),
      more: more === 1,
      heads: toHeads(rooms, seqs, revs),
    };
  }

  /** Sets the end of an instance's lease, if it has one. */
  async expire(instance: string, inMs: number): Promise<void> {
    await this.#caller.run(EXPIRE, [instance, inMs]);
  }
}

/** Makes people of what {@linkcode PEOPLE} answers. */
export function toPeople(rev: number, found: readonly string[]): People {
  const users = Array.from(
    { length: found.length / 2 },
    (_, i) => ({ id: found[2 * i]!, name: JSON.parse(found[2 * i + 1]!) as string }),
  );
  return { rev, users };
}
