import type { Change } from "../model/change.ts";
import type { Message, Newest } from "../model/message.ts";
import { beginning } from "./newest.ts";
import type { RedisCaller } from "./redis_caller.ts";
import { MESSAGES } from "./redis_messages.ts";
import { RedisScript } from "./redis_script.ts";
import { isForward, type PageQuery } from "./store.ts";

/** Reads messages; each is answered as two texts, itself and the reactions on it. */
export const PAGES = `
${MESSAGES}
local function fill(room, ids)
  local found = {}
  for i, record in ipairs(many('HMGET', key('messages', room), ids)) do
    if record then
      local pos, seq = string.match(record, '^(%d+) (%d+) ')
      -- Only a message that something has changed can have reactions.
      local reactions = pos == seq and {} or call('ZRANGE', key('reactions', room, ids[i]), 0, -1)
      table.insert(found, record)
      table.insert(found, table.concat(reactions, ','))
    end
  end
  return found
end
local function newest(room, below, above, limit)
  local ids = call('ZREVRANGEBYSCORE', key('places', room), below, above, 'LIMIT', 0, limit)
  local turned = {}
  for i = #ids, 1, -1 do table.insert(turned, ids[i]) end
  return fill(room, turned)
end
`;

const NEWEST = new RedisScript([PAGES, "return newest(ARGV[1], ARGV[2], ARGV[3], ARGV[4])"]);

const OLDEST = new RedisScript([
  PAGES,
  `
local room, below, above, limit = unpack(ARGV)
return fill(room, call('ZRANGEBYSCORE', key('places', room), above, below, 'LIMIT', 0, limit))
`,
]);

/** Messages by place of which something holds, and members of another index, as one list in order. */
const MERGE = `
local function sent_after(room, after, limit, holds)
  local sent = {}
  repeat
    local ids = call('ZRANGEBYSCORE', key('places', room), '(' .. after, '+inf', 'LIMIT', 0, limit)
    for i, record in ipairs(many('HMGET', key('messages', room), ids)) do
      local m = read(record)
      if holds(m) then table.insert(sent, {seq = m.pos, id = ids[i], record = record}) end
      after = string.format('%d', m.pos)
    end
  until #ids < limit or #sent >= limit
  return sent
end
local function merge(sent, index, after, limit)
  local others = call('ZRANGEBYSCORE', index, '(' .. after, '+inf', 'WITHSCORES', 'LIMIT', 0, limit)
  local merged, s, o = {}, 1, 1
  while #merged < limit and (sent[s] or others[o]) do
    if not others[o] or (sent[s] and sent[s].seq < tonumber(others[o + 1])) then
      table.insert(merged, sent[s])
      s = s + 1
    else
      table.insert(merged, {member = others[o]})
      o = o + 2
    end
  end
  return merged
end
`;

const CHANGED_SINCE = new RedisScript([
  PAGES,
  MERGE,
  `
local room, after, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])
local function is_unchanged(m) return m.seq == m.pos end
local sent, ids = sent_after(room, after, limit, is_unchanged), {}
for i, one in ipairs(merge(sent, key('versions', room), after, limit)) do
  ids[i] = one.id or one.member
end
return fill(room, ids)
`,
]);

const MESSAGE = new RedisScript([PAGES, "return fill(ARGV[1], {ARGV[2]})"]);

/** Each change as two texts: what was noted of it, and its message if that has what it tells. */
const CHANGES = new RedisScript([
  MESSAGES,
  MERGE,
  `
local room, after, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])
local function is_there(m) return m.text ~= '' end
local sent, told = sent_after(room, after, limit, is_there), {}
for _, one in ipairs(merge(sent, key('changes', room), after, limit)) do
  local noted, record = '', one.record
  if one.member then
    local id
    id, noted = string.match(one.member, '^(.-)\\n(.*)$')
    local edited = string.find(noted, '{"type":"message_edited"', 1, true) == 1
    record = edited and call('HGET', key('messages', room), id) or ''
  end
  table.insert(told, noted)
  table.insert(told, record)
end
return told
`,
]);

/** Reads the logs of rooms in Redis. */
export class RedisHistory {
  /** All scripts. */
  static readonly scripts: readonly RedisScript[] = [
    NEWEST,
    OLDEST,
    CHANGED_SINCE,
    MESSAGE,
    CHANGES,
  ];
  readonly #caller: RedisCaller;

  /** Reads by way of the caller. */
  constructor(caller: RedisCaller) {
    this.#caller = caller;
  }

  /** The changes of a room above `after`, in order; of a message that was deleted only its deletion. */
  async changes(room: string, after: number, limit: number): Promise<Change[]> {
    const told = await this.#caller.run(CHANGES, [room, after, limit]) as string[];
    return inPairs(told).map(([noted, record]) => toChange(room, noted, record));
  }

  /** A page of messages, oldest first. */
  async page(room: string, query: PageQuery): Promise<Message[]> {
    const { before, after = 0, limit } = query;
    const below = before === undefined ? "+inf" : `(${before}`;
    const script = isForward(query) ? OLDEST : NEWEST;
    return toMessages(room, await this.#caller.run(script, [room, below, `(${after}`, limit]));
  }

  /** The messages whose version is above `seq`, by version. */
  async changedSince(room: string, seq: number, limit: number): Promise<Message[]> {
    return toMessages(room, await this.#caller.run(CHANGED_SINCE, [room, seq, limit]));
  }

  /** One message. */
  async message(room: string, id: string): Promise<Message | undefined> {
    return toMessages(room, await this.#caller.run(MESSAGE, [room, JSON.stringify(id)]))[0];
  }
}

/** Makes messages of what {@linkcode PAGES} answers. */
export function toMessages(room: string, found: unknown): Message[] {
  return inPairs(found as string[]).map(([record, reactions]) => {
    const { pos, seq, time, editedAt, fields } = parse(record);
    return {
      room,
      seq,
      pos,
      time,
      ...fields,
      ...(fields.text === undefined && { deleted: true as const }),
      ...(editedAt > 0 && { edited_at: editedAt }),
      ...(reactions !== "" && { reactions: byEmoji(JSON.parse(`[${reactions}]`)) }),
    };
  });
}

type Fields = Pick<Message, "id" | "user_id" | "username" | "text" | "reply_to">;

function parse(record: string) {
  const [numbers = "", meta = "", text = ""] = record.split("\n", 3);
  const [pos = 0, seq = 0, time = 0, editedAt = 0] = numbers.split(" ").map(Number);
  const json = text === "" ? `{${meta}}` : `{${meta},"text":${text}}`;
  return { pos, seq, time, editedAt, fields: JSON.parse(json) as Fields };
}

function byEmoji(reactions: readonly [emoji: string, userId: string][]): Message["reactions"] {
  const users = new Map<string, string[]>();
  for (const [emoji, userId] of reactions) {
    const reacted = users.get(emoji);
    if (reacted) reacted.push(userId);
    else users.set(emoji, [userId]);
  }
  return Object.fromEntries(users);
}

function toChange(room: string, noted: string, record: string): Change {
  if (noted === "") {
    const { pos, time, fields } = parse(record);
    return { type: "chat_message", room, seq: pos, time, ...fields } as Change;
  }
  const change = JSON.parse(noted);
  if (record === "") return change;
  const { editedAt, fields } = parse(record);
  return { ...change, text: fields.text, edited_at: editedAt };
}

function inPairs(texts: readonly string[]): [string, string][] {
  return Array.from(
    { length: texts.length / 2 },
    (_, i) => [texts[2 * i]!, texts[2 * i + 1]!],
  );
}

/** Makes of a message, or of nothing, what a list of rooms shows beside the name of its room. */
export function toNewest(room: string, record: string): { readonly newest?: Newest } {
  const [message] = record === "" ? [] : toMessages(room, [record, ""]);
  if (!message) return {};
  const { user_id, username, text = "", time } = message;
  return { newest: { user_id, username, text: beginning(text), time } };
}
