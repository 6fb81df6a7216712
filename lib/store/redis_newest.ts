import type { Newest } from "../model/message.ts";
import { toNewest } from "./newest.ts";

/** The newest message of a room, as three texts; nothing if there is none. Needs what reads messages. */
export const NEWEST = `
local function newest_of(room)
  local from, size = 0, 1
  repeat
    local ids = call('ZREVRANGE', key('places', room), from, from + size - 1)
    for _, record in ipairs(many('HMGET', key('messages', room), ids)) do
      local m = read(record)
      if m.text ~= '' then return {m.meta, m.text, m.time} end
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
