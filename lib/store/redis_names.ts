import { nameKey } from "../model/names.ts";
import type { User } from "../model/user.ts";
import type { RedisCaller } from "./redis_caller.ts";
import { RedisScript } from "./redis_script.ts";

/**
 * Who holds which name: a person holds one name, and a name has one holder.
 *
 * `held` has the name of each person and `holders` the person of each name; `keeps` how long it is kept after their
 * last connection; `expiring` when it ends, for those who are not connected; `shown` it as it is written, as JSON.
 */
export const NAMES = `
local holders, held, keeps, expiring = key('holders'), key('held'), key('keeps'), key('expiring')
local shown = key('shown')
local function expiry(user)
  local at = call('ZSCORE', expiring, user)
  return at and tonumber(at)
end
local function is_held_by_another(name, user)
  local holder = call('HGET', holders, name)
  if not holder or holder == user then return false end
  local at = expiry(holder)
  return not at or at > now()
end
local function free(user)
  local name = call('HGET', held, user)
  if not name then return end
  call('HDEL', holders, name)
  call('HDEL', held, user)
  call('HDEL', keeps, user)
  call('HDEL', shown, user)
  call('ZREM', expiring, user)
end
local function hold(name, user, written, keep, at)
  local holder = call('HGET', holders, name)
  if holder then free(holder) end
  free(user)
  call('HSET', holders, name, user)
  call('HSET', held, user, name)
  call('HSET', shown, user, written)
  call('HSET', keeps, user, keep)
  if at then call('ZADD', expiring, at, user) end
end
local function is_connected(user)
  return call('HEXISTS', held, user) == 1 and not expiry(user)
end
-- For somebody who is connected; false if somebody else holds it.
local function claim(name, user, written, keep)
  if is_held_by_another(name, user) then return false end
  -- What one connection was promised, another one of the same person does not take away.
  if is_connected(user) then keep = math.max(keep, tonumber(call('HGET', keeps, user))) end
  hold(name, user, written, keep)
  return true
end
-- For somebody who has had no connection since a time; false if it is not kept at all.
local function keep_name(user, since)
  local keep = tonumber(call('HGET', keeps, user) or 0)
  if call('HEXISTS', held, user) == 1 then call('ZADD', expiring, since + keep, user) end
  return keep > 0
end
-- They are free already.
local function remove_expired()
  for _, user in ipairs(call('ZRANGEBYSCORE', expiring, '-inf', now(), 'LIMIT', 0, 1000)) do
    free(user)
  end
end
`;

const RESERVE = new RedisScript([
  NAMES,
  `
local name, user, written, keep = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
if is_held_by_another(name, user) then return 0 end
if is_connected(user) then
  hold(name, user, written, call('HGET', keeps, user))
else
  local ends = now() + keep
  if call('HGET', held, user) == name then ends = math.max(ends, expiry(user)) end
  hold(name, user, written, keep, ends)
end
return 1
`,
]);

const RELEASE = new RedisScript([
  NAMES,
  `
local user = ARGV[1]
if call('HEXISTS', held, user) == 0 then return end
call('HSET', keeps, user, 0)
if expiry(user) then call('ZADD', expiring, 0, user) end
`,
]);

const HOLDER = new RedisScript([
  NAMES,
  `
local holder = call('HGET', holders, ARGV[1])
local at = holder and expiry(holder)
if not holder or (at and at <= now()) then return end
return {holder, ARGV[1], call('HGET', shown, holder)}
`,
]);

const HOLDERS = new RedisScript([
  NAMES,
  `
local found, moment = {}, now()
for _, user in ipairs(ARGV) do
  local name, at = call('HGET', held, user), expiry(user)
  if name and not (at and at <= moment) then
    table.insert(found, {user, name, call('HGET', shown, user)})
  end
end
return found
`,
]);

/** Who holds a name: the key by which it is unique, and as it is written, in JSON. */
type Holding = [id: string, key: string, shown: string | null];

/** Who holds which name, in Redis. */
export class RedisNames {
  /** All scripts. */
  static readonly scripts: readonly RedisScript[] = [RESERVE, RELEASE, HOLDER, HOLDERS];
  readonly #caller: RedisCaller;

  /** Writes by way of the caller. */
  constructor(caller: RedisCaller) {
    this.#caller = caller;
  }

  /** Holds a name for somebody who has no connection yet; `false` if somebody else holds it. */
  async reserve({ id, name }: User, keepMs: number): Promise<boolean> {
    return await this.#caller.run(RESERVE, [nameKey(name), id, JSON.stringify(name), keepMs]) === 1;
  }

  /** Frees the name of somebody, now or with their last connection. */
  async release(userId: string): Promise<void> {
    await this.#caller.run(RELEASE, [userId]);
  }

  /** Who holds a name now, in any case. */
  async holder(name: string): Promise<User | undefined> {
    const found = await this.#caller.run(HOLDER, [nameKey(name)]) as Holding | null;
    return found === null ? undefined : toUser(found);
  }

  /** Who of some people hold a name now. */
  async holders(userIds: readonly string[]): Promise<readonly User[]> {
    const found = await this.#caller.run(HOLDERS, [...new Set(userIds)]) as Holding[];
    return found.map(toUser);
  }
}

function toUser([id, key, shown]: Holding): User {
  // A release that does not note it leaves none, or one that was held before.
  const written: string = shown === null ? key : JSON.parse(shown);
  return { id, name: nameKey(written) === key ? written : key };
}
