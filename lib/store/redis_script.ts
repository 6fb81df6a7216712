import { createHash } from "node:crypto";

/** What a script answers where an instance has to arrive first: the server is new or was emptied, or another connection took over. */
export const MISSING = "PARLEYMISSING";

/**
 * What every script begins with.
 *
 * All keys have one prefix, which is the one key that is declared: the others follow from what is stored, and the
 * store is no cluster's. The clock is the server's, so that those of instances do not matter.
 */
const BEGINNING = `
local call = redis.call
local prefix = KEYS[1]
local function key(kind, name, more)
  if more then return prefix .. kind .. ':' .. name .. ':' .. more end
  if name then return prefix .. kind .. ':' .. name end
  return prefix .. kind
end
local function now()
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
-- Lua's stack holds a few thousand values.
local function many(command, key, fields)
  local found = {}
  for first = 1, #fields, 1000 do
    local last = math.min(first + 999, #fields)
    local values = call(command, key, unpack(fields, first, last))
    for i = 1, last - first + 1 do found[first + i - 1] = values[i] end
  end
  return found
end
`;

/**
 * Without a log nothing is done, and nothing for a connection that was given up: what was sent over it may still come
 * when the network is there again, after what was sent since.
 */
const ARRIVED = `
local epoch = call('GET', key('epoch'))
if not epoch or call('EXISTS', KEYS[2]) == 0 then
  return redis.error_reply('${MISSING} Arrive first')
end
`;

/** How a {@linkcode RedisScript} differs from most. */
export interface RedisScriptOptions {
  /** Whether it is done for whoever asks. */
  readonly arrives?: boolean;
}

/** Lua that a server does in one atomic step; its keys are the prefix, and the pass of the connection. */
export class RedisScript {
  /** What it says. */
  readonly source: string;
  /** The name by which a server knows it: the SHA-1 of what it says. */
  readonly sha: string;

  /** Puts functions that others use too before what this script does. */
  constructor(parts: readonly string[], { arrives = false }: RedisScriptOptions = {}) {
    this.source = [BEGINNING, ...(arrives ? [] : [ARRIVED]), ...parts].join("\n");
    this.sha = createHash("sha1").update(this.source).digest("hex");
  }
}
