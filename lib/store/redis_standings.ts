import { mentions } from "../model/mentions.ts";
import type { User } from "../model/user.ts";
import type { RedisCaller } from "./redis_caller.ts";
import { toNewest } from "./redis_history.ts";
import { MESSAGES } from "./redis_messages.ts";
import { RedisScript } from "./redis_script.ts";
import { type Mark, MAX_UNREAD, type Standing } from "./store.ts";

/**
 * People's rooms: a hash a person, of how far they have read in each, and when each was last joined by whom.
 *
 * Direct rooms have a hash of their own, `directs`, from which nothing is ever taken.
 */
export const STANDINGS = `
local joined = key('joined')
local function head(room)
  return tonumber(call('HGET', key('seq'), room) or 0)
end
local function is_direct(room)
  return string.sub(room, 1, 1) == '~'
end
local function marks(user, room)
  return key(is_direct(room) and 'directs' or 'standings', user)
end
local function enroll(user, room)
  call('HSETNX', marks(user, room), room, head(room))
  if not is_direct(room) then call('ZADD', joined, now(), user .. ' ' .. room) end
end
local function withdraw(user, room)
  call('HDEL', key('standings', user), room)
  call('ZREM', joined, user .. ' ' .. room)
end
-- Answers how many rooms that were.
local function forget(user)
  local rooms = call('HKEYS', key('standings', user))
  for _, room in ipairs(rooms) do withdraw(user, room) end
  return #rooms
end
local function remove_old(before, limit)
  for _, one in ipairs(call('ZRANGEBYSCORE', joined, '-inf', '(' .. before, 'LIMIT', 0, limit)) do
    withdraw(string.match(one, '^(%S+) (.*)$'))
  end
end
`;

const WITHDRAW = new RedisScript([
  STANDINGS,
  `
local user, room = ARGV[1], ARGV[2]
if not call('ZSCORE', key('came', room), user) then withdraw(user, room) end
`,
]);

const MARK = new RedisScript([
  STANDINGS,
  `
for i = 1, #ARGV, 3 do
  local user, room, seq = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
  local read = tonumber(call('HGET', marks(user, room), room))
  local marked = math.min(seq, head(room))
  if read and marked > read then call('HSET', marks(user, room), room, marked) end
end
`,
]);

const UNREAD = `
${MESSAGES}
local function unread(room, read_to, user)
  local author = '"user_id":' .. user .. ','
  local texts, after = {}, read_to
  repeat
    local ids = call('ZRANGEBYSCORE', key('places', room), '(' .. after, '+inf', 'LIMIT', 0, 100)
    for _, record in ipairs(many('HMGET', key('messages', room), ids)) do
      local m = read(record)
      after = string.format('%d', m.pos)
      local counts = m.text ~= '' and string.sub(m.meta, 1, #author) ~= author
      if counts and #texts < ${MAX_UNREAD} then table.insert(texts, m.text) end
    end
  until #ids < 100 or #texts >= ${MAX_UNREAD}
  return texts
end
local function standing(room, read_to, user)
  return {room, head(room), tonumber(read_to), unread(room, read_to, user), newest_of(room)}
end
`;

/** The rooms of the person whose id comes first, and again as JSON. */
const OF_USER = new RedisScript([
  STANDINGS,
  UNREAD,
  `
local found = {}
for _, kind in ipairs({'standings', 'directs'}) do
  local rooms = call('HGETALL', key(kind, ARGV[1]))
  for i = 1, #rooms, 2 do table.insert(found, standing(rooms[i], rooms[i + 1], ARGV[2])) end
end
return found
`,
]);

/** The people whose ids come in the same way after the room: a standing each, or nothing. */
const IN_ROOM = new RedisScript([
  STANDINGS,
  UNREAD,
  `
local found, room = {}, ARGV[1]
for i = 2, #ARGV, 2 do
  local read_to = call('HGET', marks(ARGV[i], room), room)
  table.insert(found, read_to and standing(room, read_to, ARGV[i + 1]) or {})
end
return found
`,
]);

type Found = [room: string, seq: number, read: number, texts: string[], newest: string] | [];

/** People's rooms in Redis, and how far they have read in each. */
export class RedisStandings {
  /** All scripts. */
  static readonly scripts: readonly RedisScript[] = [WITHDRAW, MARK, OF_USER, IN_ROOM];
  readonly #caller: RedisCaller;

  /** Reads and writes by way of the caller. */
  constructor(caller: RedisCaller) {
    this.#caller = caller;
  }

  /** Takes a room off a person's rooms, unless they are still in it. */
  async withdraw(userId: string, room: string): Promise<void> {
    await this.#caller.run(WITHDRAW, [userId, room]);
  }

  /** Notes how far people have read in rooms of theirs. A mark only ever rises, and never past the head. */
  async mark(marks: readonly Mark[]): Promise<void> {
    const fields = marks.flatMap(({ userId, room, seq }) => [userId, room, seq]);
    await this.#caller.run(MARK, fields);
  }

  /** How far a person has come in each of their rooms, by name. */
  async standings(user: User): Promise<Standing[]> {
    const found = await this.#caller.run(OF_USER, toFields(user)) as Found[];
    return found.flatMap((one) => toStanding(one, user))
      .toSorted((a, b) => a.room < b.room ? -1 : 1);
  }

  /** How far some people have come in one room; without those whose room it is not. */
  async standingsIn(room: string, users: readonly User[]): Promise<Standing[]> {
    const found = await this.#caller.run(IN_ROOM, [room, ...users.flatMap(toFields)]) as Found[];
    return found.flatMap((one, i) => toStanding(one, users[i]!));
  }
}

function toFields({ id }: User): [id: string, json: string] {
  return [id, JSON.stringify(id)];
}

function toStanding(found: Found, { id, name }: User): Standing[] {
  if (found.length === 0) return [];
  const [room, seq, read, texts, newest] = found;
  const named = texts.filter((text) => mentions(JSON.parse(text), name));
  const counts = { unread: texts.length, mentions: named.length };
  return [{ room, userId: id, seq, read, ...counts, ...toNewest(room, newest) }];
}
