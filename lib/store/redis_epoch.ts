import { GENERAL } from "../model/names.ts";
import type { RedisCaller } from "./redis_caller.ts";
import { RedisScript } from "./redis_script.ts";

/**
 * The form of what is stored. A release that writes another one, which the release before it cannot serve, has a higher
 * number here, and knows how to go on from the lower ones.
 */
const VERSION = 1;
/** As many as HMAC-SHA-256 gives out (RFC 2104, section 3). */
const SECRET_BYTES = 32;
/** How long a pass holds, in seconds; when it ends, another one is asked for. */
const PASS_S = 24 * 60 * 60;
/** Of how many rooms a server is told at once: it takes about a million arguments, and does nothing else meanwhile. */
export const ROOMS_A_CALL = 10_000;
/** Of how many servers that were left for another one it is known where rooms stood. */
const SERVERS_KNOWN = 8;

/** Gives the log another epoch: all leases end, for of people who left since an older state nobody knows but the keys. */
const RENEWAL = `
local function renew(another)
  call('SET', key('epoch'), another)
  local leases = call('ZRANGE', key('leases'), 0, -1, 'WITHSCORES')
  for i = 1, #leases, 2 do
    call('ZADD', key('leases'), math.min(tonumber(leases[i + 1]), now()), leases[i])
  end
  call('DEL', key('beaten'))
end
`;

const RENEW = new RedisScript([RENEWAL, "if epoch == ARGV[1] then renew(ARGV[2]) end"]);

const SECRET = new RedisScript(["return call('GET', key('secret'))"]);

/**
 * Run by an instance before anything else over a new connection, as often as it takes to tell of all rooms: makes a log where there is none, gives out a pass in
 * the place of the one before, and finds out what a server has lost.
 *
 * The first to come to a server after another one (it was started again, or another one took its place) notes how far
 * rooms had come: nothing was written to it yet. Who knows of more from the server before has been told what is lost,
 * though its numbers may have been given out again by now.
 */
const ARRIVE = new RedisScript([
  RENEWAL,
  `
local server, epoch_if_new, secret_if_new, server_before, epoch_before = unpack(ARGV, 1, 5)
local version = tonumber(call('GET', key('version')) or ${VERSION})
if version > ${VERSION} then
  return redis.error_reply('NEWER A newer release made its data, version ' .. version
    .. ', and this one knows versions up to ${VERSION}')
end
-- A replica refuses to write, so nobody stays with one.
call('SET', key('version'), ${VERSION})
call('DEL', KEYS[3])
call('SET', KEYS[2], 1, 'EX', ${PASS_S})
local epoch = call('GET', key('epoch'))
if not epoch then
  epoch = epoch_if_new
  call('SET', key('epoch'), epoch)
  call('SETNX', key('secret'), secret_if_new)
  call('ZADD', key('rooms'), 0, '${GENERAL}')
end

local function note_where_rooms_stood(at)
  local stood, servers = key('stood', at), key('servers')
  local seqs = call('HGETALL', key('seq'))
  call('DEL', stood)
  -- An empty hash is none.
  call('HSET', stood, '', 0)
  for i = 1, #seqs, 1000 do call('HSET', stood, unpack(seqs, i, math.min(i + 999, #seqs))) end
  call('LREM', servers, 0, at)
  call('LPUSH', servers, at)
  if call('LLEN', servers) > ${SERVERS_KNOWN} then call('DEL', key('stood', call('RPOP', servers))) end
end
local function has_lost()
  local stood = key('stood', server_before)
  -- That somebody came to it was lost too, or it is long ago.
  if call('EXISTS', stood) == 0 then return true end
  for i = 6, #ARGV, 2 do
    local seq = tonumber(call('HGET', stood, ARGV[i]) or 0)
    if tonumber(ARGV[i + 1]) > seq then return true end
  end
  return false
end

if server ~= '' then
  local last = call('GET', key('server'))
  if last and last ~= server then note_where_rooms_stood(last) end
  call('SET', key('server'), server)
end
local is_other = server_before ~= '' and server_before ~= server
if is_other and epoch_before == epoch and has_lost() then renew(epoch_if_new) end
`,
], { arrives: true });

/** The epoch of a log in Redis, and the key that signs tokens: what a server that lost something has to get back. */
export class RedisEpoch {
  /** All scripts. */
  static readonly scripts: readonly RedisScript[] = [RENEW, SECRET];
  readonly #caller: RedisCaller;
  readonly #prefix: string;
  /** Outlives a server that is emptied, so that tokens stay good. */
  #secret = toHex(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
  #pass = "";
  #server = "";
  #epoch = "";
  /** How far each room is known to have come, in the log of that epoch. */
  readonly #told = new Map<string, number>();

  /** Reads and writes by way of the caller; `prefix` is what its keys begin with. */
  constructor(caller: RedisCaller, prefix: string) {
    this.#caller = caller;
    this.#prefix = prefix;
  }

  /** The key that lets what is asked be done: another one for each arrival. */
  get pass(): string {
    return this.#pass;
  }

  /** Notes how far rooms are known to have come. */
  told(seqs: Iterable<{ readonly room: string; readonly seq: number }>): void {
    for (const { room, seq } of seqs) {
      if (seq > (this.#told.get(room) ?? 0)) this.#told.set(room, seq);
    }
  }

  /** Notes of which log that is: what is known of another one means nothing. */
  is(epoch: string): void {
    if (epoch !== this.#epoch) this.#told.clear();
    this.#epoch = epoch;
  }

  /**
   * Comes to a server before anything else is asked of it; `run` runs a command there.
   *
   * `server` names the run of that server, by default the one that it came to last, and is empty if that is not told.
   */
  async arrive(
    run: (command: readonly string[]) => Promise<unknown>,
    server = this.#server,
  ): Promise<void> {
    const before = server === "" ? "" : this.#server;
    // One that it has come to before is not asked what it has lost.
    const told = before === "" || before === server ? [] : [...this.#told];
    const pass = `${this.#prefix}pass:${crypto.randomUUID()}`;
    const keys = [this.#prefix, pass, this.#pass || pass];
    const args = [server, crypto.randomUUID(), this.#secret, before, this.#epoch];
    for (let first = 0; first === 0 || first < told.length; first += ROOMS_A_CALL) {
      const some = told.slice(first, first + ROOMS_A_CALL).flatMap((
        [room, seq],
      ) => [room, `${seq}`]);
      await run(["EVAL", ARRIVE.source, String(keys.length), ...keys, ...args, ...some]);
    }
    this.#pass = pass;
    this.#server = server;
  }

  /** Gives the log a new epoch, unless it has another one already. */
  async renew(epoch: string): Promise<void> {
    await this.#caller.run(RENEW, [epoch, crypto.randomUUID()]);
  }

  /** The key that signs tokens. */
  async secret(): Promise<Uint8Array> {
    this.#secret = await this.#caller.run(SECRET, []) as string;
    return Uint8Array.from(this.#secret.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  }
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
