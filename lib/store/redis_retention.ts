import type { RedisCaller } from "./redis_caller.ts";
import { MESSAGES } from "./redis_messages.ts";
import { RedisScript } from "./redis_script.ts";
import { STANDINGS } from "./redis_standings.ts";
import type { Retention } from "./store.ts";

/** How many messages one call removes at the most. */
const MESSAGES_A_CALL = 50;
/** How many rooms one call looks at to find some. */
const ROOMS_A_CALL = 20;
/** How long a room stays somebody's who does not come back to it, in milliseconds: as long as a token lives. */
const STANDING_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

const PRUNE = new RedisScript([
  MESSAGES,
  STANDINGS,
  `
local sent_before, per_room, from = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
remove_old(now() - ${STANDING_KEPT_MS}, 100)

-- What is not kept of the oldest messages.
local function victims(room)
  local found, places = {}, key('places', room)
  local surplus = call('ZCARD', places) - per_room
  if surplus <= 0 and sent_before <= 0 then return found end
  local ids, seq = call('ZRANGE', places, 0, ${MESSAGES_A_CALL - 1}), head(room)
  for place, record in ipairs(many('HMGET', key('messages', room), ids)) do
    local m = read(record)
    -- A room's latest change is always told, so the message that it belongs to stays.
    if m.seq ~= seq and (place <= surplus or tonumber(m.time) < sent_before) then
      table.insert(found, {id = ids[place], nonce = m.nonce})
    end
  end
  return found
end
local function remove(room, id, nonce)
  strip(room, id)
  call('HDEL', key('messages', room), id)
  call('ZREM', key('places', room), id)
  call('ZREM', key('versions', room), id)
  if nonce ~= '' then call('HDEL', key('nonces', room), nonce) end
end

local rooms = call('ZRANGEBYLEX', key('rooms'), from == '' and '-' or '[' .. from, '+',
  'LIMIT', 0, ${ROOMS_A_CALL + 1})
for i = 1, math.min(#rooms, ${ROOMS_A_CALL}) do
  local found = victims(rooms[i])
  for _, victim in ipairs(found) do remove(rooms[i], victim.id, victim.nonce) end
  if #found > 0 then return rooms[i] end
end
return rooms[${ROOMS_A_CALL + 1}]
`,
]);

/** Removes from Redis the messages that are not kept, a few at a time. */
export class RedisRetention {
  /** All scripts. */
  static readonly scripts: readonly RedisScript[] = [PRUNE];
  readonly #caller: RedisCaller;

  /** Writes by way of the caller. */
  constructor(caller: RedisCaller) {
    this.#caller = caller;
  }

  /**
   * Removes messages of one of the rooms from `from` on, and a few of the rooms that people do not come back to;
   * answers where to go on, or `undefined` at the end.
   */
  async prune({ sentBefore, perRoom }: Retention, from: string): Promise<string | undefined> {
    const most = Number.isFinite(perRoom) ? perRoom : Number.MAX_SAFE_INTEGER;
    const next = await this.#caller.run(PRUNE, [sentBefore, most, from]) as string | null;
    return next ?? undefined;
  }
}
