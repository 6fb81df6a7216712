import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Config, ConfigError, readConfig } from "../lib/config.ts";

type Environment = Readonly<Record<string, string>>;

const read = (variables: Environment, options = {}) =>
  readConfig((name) => variables[name], { cpus: 4, ...options });

const DEFAULTS: Config = {
  port: 8000,
  host: "0.0.0.0",
  store: "sqlite:data/parley.db",
  orMemory: false,
  isolates: 4,
  freshFiles: false,
  auth: "open",
  secret: null,
  origins: [],
  trustedProxies: [],
  maxMessageChars: 2000,
  maxFrameBytes: 32768,
  messagesPerSecond: 10,
  messageBurst: 30,
  connectionsPerAddress: 256,
  bufferBytesPerAddress: 16_777_216,
  bufferBytes: 268_435_456,
  roomsPerConnection: 50,
  historyOnJoin: 50,
  historyInMemory: 200,
  maxReplay: 500,
  retentionDays: Infinity,
  retentionMessages: Infinity,
  idleTimeoutS: 60,
  graceS: 3,
  drainS: 0,
  sqliteSync: "full",
  postgresConnections: 8,
  redisPrefix: "parley:",
  log: "info",
};

/** What Deno Deploy changes where no database is attached. */
const DEPLOYED: Partial<Config> = {
  store: "kv:",
  orMemory: true,
  isolates: 1,
  connectionsPerAddress: 5_000,
  bufferBytesPerAddress: 67_108_864,
  bufferBytes: 67_108_864,
  postgresConnections: 4,
};

const ACCEPTED: readonly [name: string, variables: Environment, expected: Partial<Config>][] = [
  ["nothing set gives the defaults", {}, {}],
  ["an empty value is an unset one", { PORT: "", PARLEY_AUTH: "", PARLEY_STORE: "" }, {}],
  ["an empty secret is an unset one", { PARLEY_SECRET: "", PARLEY_ORIGINS: "" }, {}],
  ["port 0 takes any free port", { PORT: "0" }, { port: 0 }],
  ["the highest port is taken", { PORT: "65535" }, { port: 65535 }],
  ["an IPv6 host is taken", { HOST: "::1" }, { host: "::1" }],
  ["a SQLite path is taken as given", { PARLEY_STORE: "sqlite:/a b" }, { store: "sqlite:/a b" }],
  ["the store in memory is taken", { PARLEY_STORE: "memory:" }, { store: "memory:" }],
  ["PostgreSQL is taken", { PARLEY_STORE: "postgres://h/d" }, {
    store: "postgres://h/d",
    drainS: 5,
  }],
  ["its long scheme is taken", { PARLEY_STORE: "postgresql://h" }, {
    store: "postgresql://h",
    drainS: 5,
  }],
  ["Redis is taken", { PARLEY_STORE: "redis://h:6379" }, {
    store: "redis://h:6379",
    drainS: 5,
  }],
  ["Redis over TLS is taken", { PARLEY_STORE: "rediss://h" }, { store: "rediss://h", drainS: 5 }],
  ["Deno KV without a path is taken on Deno Deploy", {
    PARLEY_STORE: "kv:",
    DENO_DEPLOY: "true",
  }, { ...DEPLOYED, orMemory: false }],
  ["Deno KV with a URL is taken with its token", {
    PARLEY_STORE: "kv:https://h",
    DENO_KV_ACCESS_TOKEN: "x",
  }, { store: "kv:https://h", drainS: 5 }],
  ["a Deno KV file is taken as given, and is of one machine", { PARLEY_STORE: "kv:a b.db" }, {
    store: "kv:a b.db",
  }],
  ["Deno KV takes messages of as many characters as it holds", {
    PARLEY_STORE: "kv:a.db",
    PARLEY_MAX_MESSAGE_CHARS: "15000",
  }, { store: "kv:a.db", maxMessageChars: 15_000 }],
  ["the number of isolates is taken", { PARLEY_ISOLATES: "2" }, { isolates: 2 }],
  ["Deno Deploy has Deno KV if anything", { DENO_DEPLOY: "true" }, DEPLOYED],
  ["a database is found there by its address", {
    DENO_DEPLOY: "true",
    DATABASE_URL: "postgres://u:p@h/d?sslmode=require",
  }, { ...DEPLOYED, store: "postgres://u:p@h/d?sslmode=require", orMemory: false }],
  ["the store that is named counts there too", { DENO_DEPLOY: "true", PARLEY_STORE: "memory:" }, {
    ...DEPLOYED,
    store: "memory:",
    orMemory: false,
  }],
  [
    "a database that is attached elsewhere is not ours to take",
    { DATABASE_URL: "postgres://h" },
    {},
  ],
  ["a drain of 2 s is the longest on Deno Deploy", { DENO_DEPLOY: "true", PARLEY_DRAIN_S: "2" }, {
    ...DEPLOYED,
    drainS: 2,
  }],
  ["sign-in by token is taken", { PARLEY_AUTH: "token" }, { auth: "token" }],
  ["a secret of 16 characters is taken", { PARLEY_SECRET: "0123456789abcdef" }, {
    secret: "0123456789abcdef",
  }],
  ["origins are brought to the form of a browser", {
    PARLEY_ORIGINS: "https://A.example:443/ , http://b:80,,capacitor://localhost",
  }, { origins: ["https://a.example", "http://b", "capacitor://localhost"] }],
  ["proxies are parsed", { PARLEY_TRUSTED_PROXIES: "10.0.0.0/8, ::1" }, {
    trustedProxies: [
      { bits: "0".repeat(80) + "1".repeat(16) + "00001010" },
      { bits: "0".repeat(127) + "1" },
    ],
  }],
  ["0 turns a size off", { PARLEY_MAX_MESSAGE_CHARS: "0", PARLEY_MAX_FRAME_BYTES: "0" }, {
    maxMessageChars: Infinity,
    maxFrameBytes: Infinity,
  }],
  ["0 turns a rate off", { PARLEY_MESSAGES_PER_SECOND: "0", PARLEY_MESSAGE_BURST: "0" }, {
    messagesPerSecond: Infinity,
    messageBurst: Infinity,
  }],
  ["0 turns a count off", {
    PARLEY_CONNECTIONS_PER_ADDRESS: "0",
    PARLEY_ROOMS_PER_CONNECTION: "0",
  }, { connectionsPerAddress: Infinity, roomsPerConnection: Infinity }],
  ["0 turns a budget off", {
    PARLEY_BUFFER_BYTES_PER_ADDRESS: "0",
    PARLEY_BUFFER_BYTES: "0",
  }, { bufferBytesPerAddress: Infinity, bufferBytes: Infinity }],
  ["0 turns the idle timeout off", { PARLEY_IDLE_TIMEOUT_S: "0" }, { idleTimeoutS: Infinity }],
  ["0 is no history and no grace", {
    PARLEY_HISTORY_ON_JOIN: "0",
    PARLEY_HISTORY_IN_MEMORY: "0",
    PARLEY_GRACE_S: "0",
  }, { historyOnJoin: 0, historyInMemory: 0, graceS: 0 }],
  ["numbers are taken", {
    PARLEY_MAX_MESSAGE_CHARS: "1",
    PARLEY_MAX_FRAME_BYTES: "2",
    PARLEY_MESSAGES_PER_SECOND: "3",
    PARLEY_MESSAGE_BURST: "4",
    PARLEY_CONNECTIONS_PER_ADDRESS: "5",
    PARLEY_BUFFER_BYTES_PER_ADDRESS: "11",
    PARLEY_BUFFER_BYTES: "12",
    PARLEY_ROOMS_PER_CONNECTION: "6",
    PARLEY_HISTORY_ON_JOIN: "7",
    PARLEY_HISTORY_IN_MEMORY: "8",
    PARLEY_IDLE_TIMEOUT_S: "9",
    PARLEY_GRACE_S: "10",
    PARLEY_DRAIN_S: "11",
    PARLEY_POSTGRES_CONNECTIONS: "12",
  }, {
    maxMessageChars: 1,
    maxFrameBytes: 2,
    messagesPerSecond: 3,
    messageBurst: 4,
    connectionsPerAddress: 5,
    bufferBytesPerAddress: 11,
    bufferBytes: 12,
    roomsPerConnection: 6,
    historyOnJoin: 7,
    historyInMemory: 8,
    idleTimeoutS: 9,
    graceS: 10,
    drainS: 11,
    postgresConnections: 12,
  }],
  ["SQLite may sync less", { PARLEY_SQLITE_SYNC: "normal" }, { sqliteSync: "normal" }],
  ["a Redis prefix is taken", { PARLEY_REDIS_PREFIX: "a.b_c-2:" }, { redisPrefix: "a.b_c-2:" }],
  ["the log level is taken", { PARLEY_LOG: "error" }, { log: "error" }],
];

for (const [name, variables, expected] of ACCEPTED) {
  Deno.test(`config: ${name}`, () => {
    assertEquals(read(variables), { ...DEFAULTS, ...expected });
  });
}

const STORES = "sqlite:PATH, memory:, postgres://…, postgresql://…, redis://…, rediss://… or kv:…";
const ORIGINS = 'a comma-separated list of origins such as "https://example.com"';
const PROXIES = 'a comma-separated list of addresses or ranges such as "10.0.0.0/8"';

const REFUSED: readonly [variable: string, value: string, expected: string, current?: string][] = [
  ["PORT", "abc", "a whole number from 0 to 65535"],
  ["PORT", "65536", "a whole number from 0 to 65535"],
  ["PORT", "-1", "a whole number from 0 to 65535"],
  ["PORT", "80.5", "a whole number from 0 to 65535"],
  ["PORT", "1e3", "a whole number from 0 to 65535"],
  ["PORT", " 80", "a whole number from 0 to 65535"],
  ["HOST", "http://a", "a host name or an address"],
  ["PARLEY_ISOLATES", "0", "a whole number from 1 to 256"],
  ["PARLEY_ISOLATES", "257", "a whole number from 1 to 256"],
  ["PARLEY_AUTH", "closed", 'one of "open", "token"'],
  ["PARLEY_POSTGRES_CONNECTIONS", "0", "a whole number from 1 to 1000"],
  ["PARLEY_SQLITE_SYNC", "off", 'one of "full", "normal"'],
  ["PARLEY_LOG", "INFO", 'one of "info", "debug", "warn", "error"'],
  ["PARLEY_GRACE_S", "3s", "a whole number from 0 to 3600"],
  ["PARLEY_MAX_FRAME_BYTES", "1048577", "a whole number from 0 to 1048576"],
  ["PARLEY_HISTORY_ON_JOIN", "1001", "a whole number from 0 to 1000"],
  ["PARLEY_ORIGINS", "https://a, example.com", ORIGINS, '"example.com"'],
  ["PARLEY_ORIGINS", "*", ORIGINS],
  ["PARLEY_ORIGINS", "null", ORIGINS],
  ["PARLEY_ORIGINS", "https://a/path", ORIGINS],
  ["PARLEY_ORIGINS", "https://user@a", ORIGINS],
  ["PARLEY_ORIGINS", "file:///", ORIGINS],
  ["PARLEY_TRUSTED_PROXIES", "10.0.0.1, proxy", PROXIES, '"proxy"'],
  ["PARLEY_TRUSTED_PROXIES", "10.0.0.0/33", PROXIES],
  ["PARLEY_STORE", "data/parley.db", STORES, "without a scheme"],
  ["PARLEY_STORE", "sqlite:", STORES, 'of the scheme "sqlite:"'],
  ["PARLEY_STORE", "memory:x", STORES, 'of the scheme "memory:"'],
  ["PARLEY_STORE", "mysql://user:password@h", STORES, 'of the scheme "mysql:"'],
  ["PARLEY_STORE", "REDIS://user:password@h", STORES, 'of the scheme "REDIS:"'],
  ["PARLEY_SECRET", "fifteen-letters", "at least 16 characters", "15 long"],
];

for (const [variable, value, expected, current = JSON.stringify(value)] of REFUSED) {
  Deno.test(`config: ${variable}=${value} is refused with what is expected and what came`, () => {
    const error = assertThrows(() => read({ [variable]: value }), ConfigError);
    assertEquals(
      error.message,
      `Cannot set ${variable} as it must be ${expected}: current value is ${current}`,
    );
  });
}

const KV_CHARS =
  "Cannot set PARLEY_MAX_MESSAGE_CHARS as it must be a whole number from 1 to 15000, with PARLEY_STORE=kv:…, which holds 64 KiB in one value: current value is";

const KV_REFUSED: readonly [name: string, variables: Environment, message: string][] = [
  [
    "no path outside Deno Deploy",
    { PARLEY_STORE: "kv:" },
    'Cannot set PARLEY_STORE as it must be kv:PATH or kv:https://… but on Deno Deploy: current value is "kv:"',
  ],
  [
    "a URL without a token",
    { PARLEY_STORE: "kv:https://h" },
    "Cannot set PARLEY_STORE to kv:https://… without DENO_KV_ACCESS_TOKEN, the token with which that database is opened",
  ],
  [
    "a URL of another scheme",
    { PARLEY_STORE: "kv:ftp://user:password@h" },
    "Cannot set PARLEY_STORE as it must be kv:, kv:PATH or kv:https://host/…: current value is a URL of another form",
  ],
  [
    "a URL with a password",
    { PARLEY_STORE: "kv:https://user:password@h", DENO_KV_ACCESS_TOKEN: "x" },
    "Cannot set PARLEY_STORE as it must be kv:, kv:PATH or kv:https://host/…: current value is a URL of another form",
  ],
  [
    "longer messages than a value holds",
    { PARLEY_STORE: "kv:a.db", PARLEY_MAX_MESSAGE_CHARS: "15001" },
    `${KV_CHARS} "15001"`,
  ],
  [
    "messages of any length",
    { PARLEY_STORE: "kv:a.db", PARLEY_MAX_MESSAGE_CHARS: "0" },
    `${KV_CHARS} "0"`,
  ],
];

for (const [name, variables, message] of KV_REFUSED) {
  Deno.test(`config: Deno KV with ${name} is refused`, () => {
    assertEquals(assertThrows(() => read(variables), ConfigError).message, message);
  });
}

Deno.test("config: in development the server is alone on this machine", () => {
  assertEquals(read({}, { dev: true }), {
    ...DEFAULTS,
    host: "127.0.0.1",
    isolates: 1,
    freshFiles: true,
  });
});

Deno.test("config: in development what is set still counts", () => {
  const { host, isolates } = read({ HOST: "0.0.0.0", PARLEY_ISOLATES: "2" }, { dev: true });
  assertEquals({ host, isolates }, { host: "0.0.0.0", isolates: 2 });
});

Deno.test("config: it is frozen to its last part", () => {
  const config = read({ PARLEY_ORIGINS: "https://a", PARLEY_TRUSTED_PROXIES: "::1" });
  const { origins, trustedProxies } = config;
  for (
    const part of [config, origins, trustedProxies, trustedProxies[0]]
  ) {
    assert(Object.isFrozen(part));
  }
});

Deno.test("config: it can be sent to a Worker", () => {
  const config = read({ PARLEY_TRUSTED_PROXIES: "::1", PARLEY_IDLE_TIMEOUT_S: "0" });
  assertEquals(structuredClone(config), config);
});
