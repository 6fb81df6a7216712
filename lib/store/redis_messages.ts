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
-- Only line ends are looked for: to take a record to pieces takes three times as long.
local function is_tombstone(record)
  local meta = string.find(record, '\\n', 1, true)
  local text = string.find(record, '\\n', meta + 1, true)
  return string.sub(record, text + 1, text + 1) == '\\n'
end
-- The newest message that is not deleted, or nothing. It is the last, as a rule; there may be many tombstones after it.
local function newest_of(room)
  local places, messages = key('places', room), key('messages', room)
  local from, size = 0, 1
  repeat
    local ids = call('ZREVRANGE', places, from, from + size - 1)
    for _, record in ipairs(#ids > 0 and call('HMGET', messages, unpack(ids)) or {}) do
      if not is_tombstone(record) then return record end
    end
    from, size = from + size, math.min(size * 4, 256)
  until #ids == 0
  return ''
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
