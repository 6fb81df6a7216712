import type { Newest } from "../model/message.ts";
import { toNewest } from "./newest.ts";

/**
 * The newest message of a room, as three texts; nothing if there is none.
 *
 * Of a record only the line ends are looked for: to take each to pieces would take three times as long.
 */
export const NEWEST = `
local function told_of(record)
  local meta = string.find(record, '\\n', 1, true)
  local text = string.find(record, '\\n', meta + 1, true)
  local nonce = string.find(record, '\\n', text + 1, true)
  -- A tombstone has no text.
  if nonce == text + 1 then return nil end
  local time = string.match(record, '^%d+ %d+ (%d+)')
  return {string.sub(record, meta + 1, text - 1), string.sub(record, text + 1, nonce - 1), time}
end
local function newest_of(room)
  local places, messages = key('places', room), key('messages', room)
  local from, size = 0, 1
  repeat
    local ids = call('ZREVRANGE', places, from, from + size - 1)
    for _, record in ipairs(#ids > 0 and call('HMGET', messages, unpack(ids)) or {}) do
      local told = told_of(record)
      if told then return told end
    end
    -- Tombstones, of which there may be many.
    from, size = from + size, math.min(size * 4, 256)
  until #ids == 0
  return {}
end
`;

/** What {@linkcode NEWEST} answers. */
export type FoundNewest = [meta: string, text: string, time: string] | [];

/** Makes the `newest` of a room of what {@linkcode NEWEST} answers. */
export function readNewest(found: FoundNewest): { readonly newest?: Newest } {
  const [meta, text, time] = found;
  if (text === undefined) return {};
  const { user_id, username } = JSON.parse(`{${meta}}`);
  return { newest: toNewest({ user_id, username, text: JSON.parse(text), time: Number(time) }) };
}
