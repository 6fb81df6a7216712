import { type Draft, numbered } from "../model/change.ts";
import type { Post } from "../link/link.ts";
import type { RedisCaller } from "./redis_caller.ts";
import { MESSAGES } from "./redis_messages.ts";
import { RedisScript } from "./redis_script.ts";
import type { Appended } from "./store.ts";

/** The most different emoji on one message. */
const MAX_EMOJI = 20;

/** How many texts a draft is handed over as. */
const FIELDS = 9;

const APPEND = new RedisScript([
  MESSAGES,
  `
local channel, head = ARGV[1], ARGV[2]
local answers, told = {}, {}

local function change(kind, room, seq)
  return '{"type":"' .. kind .. '","room":"' .. room .. '","seq":' .. seq .. ','
end
local function repeats(seq, id)
  return '=' .. seq .. ' ' .. id
end

local function put(list, one, two)
  list[#list + 1] = one
  list[#list + 1] = two
end

-- New messages are written together, room by room: most of what each costs is the call.
local pending = {}
local function pending_in(room)
  if not pending[room] then
    local seq = tonumber(call('HGET', key('seq'), room) or 0)
    pending[room] = {
      seq = seq, is_first = seq == 0, messages = {}, places = {}, nonces = {}, ids = {}, repeated = {},
    }
  end
  return pending[room]
end
local function write_pending(room)
  local new = pending[room]
  pending[room] = nil
  if not new or #new.places == 0 then return end
  if new.is_first then call('ZADD', key('rooms'), 0, room) end
  call('HSET', key('seq'), room, new.seq)
  call('HSET', key('time'), room, new.time)
  call('HSET', key('messages', room), unpack(new.messages))
  call('ZADD', key('places', room), unpack(new.places))
  if #new.nonces > 0 then call('HSET', key('nonces', room), unpack(new.nonces)) end
end

local function send(room, id, nonce, time, parent, meta, text)
  local new, messages = pending_in(room), key('messages', room)
  if nonce ~= '' then
    if new.repeated[nonce] then return new.repeated[nonce] end
    local first = call('HGET', key('nonces', room), nonce)
    if first then return repeats(read(call('HGET', messages, first)).pos, first) end
  end
  if parent ~= '' and not new.ids[parent] and call('HEXISTS', messages, parent) == 0 then
    return 'not_found'
  end
  local seq = new.seq + 1
  new.seq, new.time, new.ids[id] = seq, time, true
  put(new.messages, id, new_record(seq, time, meta, text, nonce))
  put(new.places, seq, id)
  if nonce ~= '' then
    put(new.nonces, nonce, id)
    new.repeated[nonce] = repeats(seq, id)
  end
  table.insert(told, change('chat_message', room, seq) .. meta
    .. ',"time":' .. time .. ',"text":' .. text .. '}')
  -- Lua's stack holds a few thousand values.
  if #new.places >= 1000 then write_pending(room) end
  return seq
end

-- Gives a change of a message the next number of its room, and notes it without its text.
local function note(room, id, m, kind, rest)
  m.seq = call('HINCRBY', key('seq'), room, 1)
  call('HSET', key('messages', room), id, record_of(m))
  call('ZADD', key('versions', room), m.seq, id)
  local noted = change(kind, room, m.seq) .. '"id":' .. id .. rest .. '}'
  call('ZADD', key('changes', room), m.seq, id .. '\\n' .. noted)
  call('RPUSH', key('noted', room, id), m.seq)
  return noted
end

local function edit(room, id, m, time, text)
  m.text, m.edited = text, time
  local noted = note(room, id, m, 'message_edited', '')
  table.insert(told, string.sub(noted, 1, -2) .. ',"text":' .. text .. ',"edited_at":' .. time .. '}')
  return m.seq
end

local function delete(room, id, m)
  strip(room, id)
  m.text, m.edited = '', '0'
  table.insert(told, note(room, id, m, 'message_deleted', ''))
  return m.seq
end

local function react(room, id, m, user, emoji, on)
  local reactions, counts = key('reactions', room, id), key('emoji', room, id)
  local reaction = '[' .. emoji .. ',' .. user .. ']'
  local first = call('ZSCORE', reactions, reaction)
  if on == '1' then
    if first then return repeats(first, id) end
    if call('HEXISTS', counts, emoji) == 0 and call('HLEN', counts) >= ${MAX_EMOJI} then
      return 'too_many'
    end
  elseif not first then
    return repeats(m.seq, id)
  end
  local is_on = on == '1' and 'true' or 'false'
  table.insert(told, note(room, id, m, 'reaction',
    ',"emoji":' .. emoji .. ',"user_id":' .. user .. ',"on":' .. is_on))
  if on == '1' then
    call('ZADD', reactions, m.seq, reaction)
    call('HINCRBY', counts, emoji, 1)
  else
    call('ZREM', reactions, reaction)
    if call('HINCRBY', counts, emoji, -1) == 0 then call('HDEL', counts, emoji) end
  end
  return m.seq
end

local function append(kind, room, id, user, a, time, other, meta, text)
  if kind == 'chat_message' then return send(room, id, a, time, other, meta, text) end
  write_pending(room)
  local record = call('HGET', key('messages', room), id)
  local m = record and read(record)
  if not m or m.text == '' then return 'not_found' end
  if kind == 'message_edited' then return edit(room, id, m, time, text) end
  if kind == 'message_deleted' then return delete(room, id, m) end
  return react(room, id, m, user, other, a)
end

for i = 3, #ARGV, ${FIELDS} do
  table.insert(answers, append(unpack(ARGV, i, i + ${FIELDS - 1})))
end
local rooms = {}
for room in pairs(pending) do table.insert(rooms, room) end
for _, room in ipairs(rooms) do write_pending(room) end
if #told > 0 then
  local post = head .. ',"epoch":"' .. epoch .. '","changes":[' .. table.concat(told, ',') .. ']}'
  -- What was stored is stored, whether others may be told at once or not.
  redis.pcall('PUBLISH', channel, post)
end
return answers
`,
]);

/** What {@linkcode RedisLog} works with. */
export interface RedisLogOptions {
  /** Runs the scripts. */
  readonly caller: RedisCaller;
  /** Where changes are published as they are stored. */
  readonly channel: string;
  /** What their posts begin with: the version, and from whom. */
  readonly head: Pick<Post, "v" | "from">;
}

/** Writes the logs of rooms in Redis. */
export class RedisLog {
  /** All scripts. */
  static readonly scripts: readonly RedisScript[] = [APPEND];
  readonly #caller: RedisCaller;
  readonly #first: readonly string[];

  /** Posts to the link whose channel it is given. */
  constructor({ caller, channel, head }: RedisLogOptions) {
    this.#caller = caller;
    // The server adds the rest of the object.
    this.#first = [channel, JSON.stringify(head).slice(0, -1)];
  }

  /** Appends changes, in order: numbered, stored and published in one step. */
  async append(drafts: readonly Draft[]): Promise<Appended[]> {
    const answers = await this.#caller.run(APPEND, [...this.#first, ...drafts.flatMap(toFields)]);
    return (answers as (number | string)[]).map((answer, i) => toAppended(drafts[i]!, answer));
  }
}

function toFields(draft: Draft): string[] {
  const { type, room } = draft;
  const id = JSON.stringify(draft.id);
  switch (type) {
    case "chat_message": {
      const { user_id, username, text, time, reply_to, nonce } = draft;
      const parent = reply_to === undefined ? "" : JSON.stringify(reply_to);
      return [
        type,
        room,
        id,
        "",
        nonce === undefined ? "" : JSON.stringify([user_id, nonce]),
        String(time),
        parent,
        // The author comes first, for whoever counts what others wrote.
        JSON.stringify({ user_id, id: draft.id, username, reply_to }).slice(1, -1),
        JSON.stringify(text),
      ];
    }
    case "message_edited":
      return [type, room, id, "", "", String(draft.edited_at), "", "", JSON.stringify(draft.text)];
    case "message_deleted":
      return [type, room, id, "", "", "", "", "", ""];
    case "reaction": {
      const [emoji, user] = [draft.emoji, draft.user_id].map((text) => JSON.stringify(text));
      return [type, room, id, user!, draft.on ? "1" : "0", "", emoji!, "", ""];
    }
  }
}

function toAppended(draft: Draft, answer: number | string): Appended {
  if (typeof answer === "number") return { change: numbered(draft, answer) };
  if (!answer.startsWith("=")) return { refused: answer as "not_found" | "too_many" };
  const space = answer.indexOf(" ");
  return {
    repeats: { id: JSON.parse(answer.slice(space + 1)), seq: Number(answer.slice(1, space)) },
  };
}
