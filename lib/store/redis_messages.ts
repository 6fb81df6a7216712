/**
 * How messages are kept, for all scripts that read or write them.
 *
 * A message is four lines in the hash of its room: its place, its version, when it was sent and when last edited; what
 * else never changes, as members of a JSON object that an instance made; its text as JSON, or nothing in a tombstone; and
 * its nonce. JSON holds no line end and any JavaScript string, so the server has nothing to parse, and nothing to lose.
 *
 * `places` has all messages of a room by place, and `versions` by version those that something has changed.
 */
export const MESSAGES = `
local function read(record)
  local pos, seq, time, edited, meta, text, nonce =
    string.match(record, '^(%d+) (%d+) (%d+) (%d+)\\n(.-)\\n(.-)\\n(.*)$')
  return {
    pos = tonumber(pos), seq = tonumber(seq), time = time, edited = edited,
    meta = meta, text = text, nonce = nonce,
  }
end
local function record_of(m)
  local numbers = string.format('%d %d %s %s', m.pos, m.seq, m.time, m.edited)
  return table.concat({numbers, m.meta, m.text, m.nonce}, '\\n')
end
local function new_record(seq, time, meta, text, nonce)
  return seq .. ' ' .. seq .. ' ' .. time .. ' 0\\n' .. meta .. '\\n' .. text .. '\\n' .. nonce
end
-- The newest message that is not deleted, or nothing.
local function newest_of(room)
  local below = '+inf'
  while true do
    local ids = call('ZREVRANGEBYSCORE', key('places', room), below, '-inf', 'LIMIT', 0, 10)
    for _, record in ipairs(many('HMGET', key('messages', room), ids)) do
      local m = read(record)
      if m.text ~= '' then return record end
      below = string.format('(%d', m.pos)
    end
    if #ids < 10 then return '' end
  end
end
-- Forgets what was noted of changes to a message, and the reactions that stand.
local function strip(room, id)
  local noted = key('noted', room, id)
  for _, seq in ipairs(call('LRANGE', noted, 0, -1)) do
    call('ZREMRANGEBYSCORE', key('changes', room), seq, seq)
  end
  call('DEL', noted, key('reactions', room, id), key('emoji', room, id))
end
`;
