import { type Network, parseNetwork } from "./http/address.ts";
import { type Env, findPlatform } from "./platform.ts";
import { type KvAddress, parseKvAddress } from "./store/kv_address.ts";
import { KV_MAX_MESSAGE_CHARS } from "./store/kv_limits.ts";

/** How much the log tells, from everything to failures only. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Everything that can be set, validated. A limit that is turned off is `Infinity`. */
export interface Config {
  /** 0-65535; 0 takes any free port. */
  readonly port: number;
  /** The name or address to listen on. */
  readonly host: string;
  /** `sqlite:PATH`, `memory:`, `postgres://…`, `redis://…`, `rediss://…` or `kv:…`, as it was given. May hold a password. */
  readonly store: string;
  /** Whether the data may be kept in memory if that store does not open: nobody has asked for it by name. */
  readonly orMemory: boolean;
  /** Isolates that share the port, 1-256. */
  readonly isolates: number;
  /** Whether the page's files are read anew for each request: for those who change them. */
  readonly freshFiles: boolean;
  /** Whether anybody may take a free name, or a token is needed. */
  readonly auth: "open" | "token";
  /** The text that signs tokens, or `null` to use the key that the store makes. */
  readonly secret: string | null;
  /** Other origins that may connect, each as a browser writes it in `Origin`. */
  readonly origins: readonly string[];
  /** Proxies whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly Network[];
  /** Characters (code points) of a message. */
  readonly maxMessageChars: number;
  /** Bytes of a frame from a client. */
  readonly maxFrameBytes: number;
  /** How fast a user's tokens come back; `Infinity` means that messages are not counted at all. */
  readonly messagesPerSecond: number;
  /** Messages that a user may send at once. */
  readonly messageBurst: number;
  /** Open sockets of one address. */
  readonly connectionsPerAddress: number;
  /** Bytes that may wait for the sockets of one address that read slowly, open and closing. */
  readonly bufferBytesPerAddress: number;
  /** Bytes that may wait for all sockets that read slowly. */
  readonly bufferBytes: number;
  /** Rooms that one connection may join at once. */
  readonly roomsPerConnection: number;
  /** Messages of a room sent to a newcomer; 0 sends none. */
  readonly historyOnJoin: number;
  /** Messages of a room held in memory; 0 holds none. */
  readonly historyInMemory: number;
  /** Messages that a client may have missed to be told of them one by one. */
  readonly maxReplay: number;
  /** Days for which messages are kept; `Infinity` keeps them. */
  readonly retentionDays: number;
  /** Messages of a room that are kept; `Infinity` keeps all. */
  readonly retentionMessages: number;
  /** Seconds of silence after which a socket is closed; `Infinity` never closes it. */
  readonly idleTimeoutS: number;
  /** Seconds that a broken v1 connection may take to come back before `user_left`; 0 tells it at once. */
  readonly graceS: number;
  /** Seconds for which an instance that was asked to end says so at `/readyz` and serves on, for balancers to notice. */
  readonly drainS: number;
  /** What SQLite waits for at a commit: `full` survives a power cut, `normal` may lose the last instant. */
  readonly sqliteSync: "full" | "normal";
  /** Connections to a PostgreSQL database that an isolate holds at the most, beside the one of its link. */
  readonly postgresConnections: number;
  /** What the keys and the channel of a Redis server begin with. */
  readonly redisPrefix: string;
  /** What the log leaves out: everything below this. */
  readonly log: LogLevel;
}

const MAX_ISOLATES = 256;
const MIB = 1024 * 1024;

/** Where the program runs, as far as it changes a default. */
export interface ConfigOptions {
  /** Listens on this machine only, with one isolate. */
  readonly dev?: boolean;
  /** Processor cores; those of this machine if absent. */
  readonly cpus?: number;
}

/** A setting has a value that it cannot have. The message is one sentence for the person who set it. */
export class ConfigError extends Error {
  /** The name of this class. */
  override readonly name = "ConfigError";
}

/**
 * Reads the settings from the environment, and gives each that is unset or empty its default.
 *
 * Throws a {@linkcode ConfigError} for the first value that is out of range.
 */
export function readConfig(
  env: Env,
  options: ConfigOptions = {},
): Config {
  const { dev, cpus = navigator.hardwareConcurrency } = options;
  const read = new Reader(env);
  const platform = findPlatform(env, dev);
  const named = readStore(env);
  const store = named ?? platform.store;
  const kv = readKvAddress(store, env);
  const isolates = Math.min(Math.max(cpus, 1), platform.isolates);
  const drainS = isOfOneMachine(store, kv) ? 0 : platform.drainS;
  return deepFreeze({
    port: read.number("PORT", 8000, 65_535),
    host: read.text("HOST", "a host name or an address", isHost) ?? platform.host,
    store,
    orMemory: named === undefined && platform.orMemory,
    isolates: read.number("PARLEY_ISOLATES", isolates, MAX_ISOLATES, 1),
    freshFiles: dev === true,
    auth: read.choice("PARLEY_AUTH", ["open", "token"]),
    secret: readSecret(env),
    origins: read.list("PARLEY_ORIGINS", 'origins such as "https://example.com"', parseOrigin),
    trustedProxies: read.list(
      "PARLEY_TRUSTED_PROXIES",
      'addresses or ranges such as "10.0.0.0/8"',
      parseNetwork,
    ),
    maxMessageChars: kv
      ? read.number("PARLEY_MAX_MESSAGE_CHARS", 2000, KV_MAX_MESSAGE_CHARS, 1, `, with ${KV}`)
      : read.limit("PARLEY_MAX_MESSAGE_CHARS", 2000, 1_000_000),
    maxFrameBytes: read.limit("PARLEY_MAX_FRAME_BYTES", 32_768, 1_048_576),
    messagesPerSecond: read.limit("PARLEY_MESSAGES_PER_SECOND", 10, 1_000_000),
    messageBurst: read.limit("PARLEY_MESSAGE_BURST", 30, 1_000_000),
    connectionsPerAddress: read.limit(
      "PARLEY_CONNECTIONS_PER_ADDRESS",
      platform.connectionsPerAddress,
      1_000_000,
    ),
    bufferBytesPerAddress: read.limit(
      "PARLEY_BUFFER_BYTES_PER_ADDRESS",
      platform.bufferBytesPerAddress,
      2 ** 20 * MIB,
    ),
    bufferBytes: read.limit("PARLEY_BUFFER_BYTES", platform.bufferBytes, 2 ** 20 * MIB),
    roomsPerConnection: read.limit("PARLEY_ROOMS_PER_CONNECTION", 50, 10_000),
    historyOnJoin: read.number("PARLEY_HISTORY_ON_JOIN", 50, 1000),
    historyInMemory: read.number("PARLEY_HISTORY_IN_MEMORY", 200, 100_000),
    maxReplay: read.number("PARLEY_MAX_REPLAY", 500, 10_000),
    retentionDays: read.limit("PARLEY_RETENTION_DAYS", 0, 36_500),
    retentionMessages: read.limit("PARLEY_RETENTION_MESSAGES", 0, 1_000_000_000),
    idleTimeoutS: read.limit("PARLEY_IDLE_TIMEOUT_S", 60, 86_400),
    graceS: read.number("PARLEY_GRACE_S", 3, 3600),
    drainS: read.number("PARLEY_DRAIN_S", drainS, platform.maxDrainS),
    sqliteSync: read.choice("PARLEY_SQLITE_SYNC", ["full", "normal"]),
    postgresConnections: read.number(
      "PARLEY_POSTGRES_CONNECTIONS",
      platform.postgresConnections,
      1000,
      1,
    ),
    redisPrefix: read.text("PARLEY_REDIS_PREFIX", REDIS_PREFIX, isPrefix) ?? "parley:",
    log: read.choice("PARLEY_LOG", ["info", "debug", "warn", "error"]),
  });
}

/** Reads single settings of each kind. */
class Reader {
  readonly #env: Env;

  constructor(env: Env) {
    this.#env = env;
  }

  text(name: string, expected: string, isValid: (text: string) => boolean): string | undefined {
    const value = this.#env(name) || undefined;
    if (value !== undefined && !isValid(value)) throw unfit(name, expected, quote(value));
    return value;
  }

  number(name: string, byDefault: number, max: number, min = 0, where = ""): number {
    const isValid = (text: string) => /^\d+$/.test(text) && +text >= min && +text <= max;
    const value = this.text(name, `a whole number from ${min} to ${max}${where}`, isValid);
    return value === undefined ? byDefault : Number(value);
  }

  /** A number that 0 turns off. */
  limit(name: string, byDefault: number, max: number): number {
    return this.number(name, byDefault, max) || Infinity;
  }

  /** One of a few words, the first of them by default. */
  choice<T extends string>(name: string, words: readonly [T, ...T[]]): T {
    const expected = `one of ${words.map(quote).join(", ")}`;
    const value = this.text(name, expected, (text) => words.some((word) => word === text));
    return value as T | undefined ?? words[0];
  }

  list<T>(name: string, expected: string, parse: (entry: string) => T | undefined): readonly T[] {
    const entries = (this.#env(name) ?? "").split(",").map((entry) => entry.trim());
    return entries.filter((entry) => entry !== "").map((entry) => {
      const value = parse(entry);
      if (value === undefined) {
        throw unfit(name, `a comma-separated list of ${expected}`, quote(entry));
      }
      return value;
    });
  }
}

function unfit(name: string, expected: string, current: string): ConfigError {
  return new ConfigError(
    `Cannot set ${name} as it must be ${expected}: current value is ${current}`,
  );
}

function quote(text: string): string {
  return JSON.stringify(text);
}

const STORE = /^(sqlite:.+|memory:|(postgres|postgresql|redis|rediss):\/\/.+|kv:.*)$/;

function readStore(env: Env): string | undefined {
  const store = env("PARLEY_STORE") || undefined;
  if (store === undefined || STORE.test(store)) return store;
  // What follows the scheme may hold a password, and this sentence reaches a log.
  const scheme = /^\w+:/.exec(store)?.[0];
  throw unfit(
    "PARLEY_STORE",
    "sqlite:PATH, memory:, postgres://…, postgresql://…, redis://…, rediss://… or kv:…",
    scheme === undefined ? "without a scheme" : `of the scheme ${quote(scheme)}`,
  );
}

const KV = "PARLEY_STORE=kv:…, which holds 64 KiB in one value";

/** Where the Deno KV database of a store is, if it is one that can be opened here. */
function readKvAddress(
  store: string,
  env: (name: string) => string | undefined,
): KvAddress | undefined {
  if (!store.startsWith("kv:")) return;
  const address = parseKvAddress(store);
  if (!address) {
    throw unfit("PARLEY_STORE", "kv:, kv:PATH or kv:https://host/…", "a URL of another form");
  }
  if (address.kind === "platform" && !env("DENO_DEPLOY")) {
    throw unfit("PARLEY_STORE", "kv:PATH or kv:https://… but on Deno Deploy", quote(store));
  }
  if (address.kind === "remote" && !env("DENO_KV_ACCESS_TOKEN")) {
    throw new ConfigError(
      "Cannot set PARLEY_STORE to kv:https://… without DENO_KV_ACCESS_TOKEN, the token with which that database is opened",
    );
  }
  return address;
}

/** Whether nobody else can serve while the only process of a store goes away: it had better be back soon. */
function isOfOneMachine(store: string, kv: KvAddress | undefined): boolean {
  return /^(sqlite|memory):/.test(store) || kv?.kind === "file";
}

/** RFC 7518, 3.2 asks for 32 bytes of entropy; less than 16 characters can be guessed from a single token. */
const MIN_SECRET_CHARS = 16;

function readSecret(env: Env): string | null {
  const secret = env("PARLEY_SECRET") || null;
  if (secret !== null && secret.length < MIN_SECRET_CHARS) {
    throw unfit(
      "PARLEY_SECRET",
      `at least ${MIN_SECRET_CHARS} characters`,
      `${secret.length} long`,
    );
  }
  return secret;
}

/** What means itself in a pattern of keys, as access rules have them. */
const REDIS_PREFIX = '1 to 64 of a-z, A-Z, 0-9 and . : _ -, such as "parley:"';

function isPrefix(text: string): boolean {
  return /^[\w.:-]{1,64}$/.test(text);
}

function isHost(text: string): boolean {
  return /^[\w.:%-]+$/.test(text);
}

/** Also takes the origins of apps, such as `capacitor://localhost`, which `URL.origin` gives as "null". */
function parseOrigin(entry: string): string | undefined {
  const url = URL.parse(entry);
  if (!url || url.host === "") return undefined;
  const origin = `${url.protocol}//${url.host}`;
  return [origin, `${origin}/`].includes(url.href) ? origin : undefined;
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === "object" && part !== null) deepFreeze(part);
  }
  return Object.freeze(value);
}
