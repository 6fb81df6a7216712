import { postgresAddress } from "./store/postgres_environment.ts";

const MIB = 1024 * 1024;

/** Reads a variable of the environment. */
export type Env = (name: string) => string | undefined;

/** Where the server runs: the defaults of what depends on that. */
export interface Platform {
  /** The address to listen on. */
  readonly host: string;
  /** The most isolates of a process; there is one a core, if there are not more cores. */
  readonly isolates: number;
  /** What keeps the data. */
  readonly store: string;
  /** Whether the data may be kept in memory where that does not open. */
  readonly orMemory: boolean;
  /** For how long an instance serves on that was asked to end, where others can take its place, in seconds. */
  readonly drainS: number;
  /** The longest that it may, in seconds. */
  readonly maxDrainS: number;
  /** Open sockets of one address. */
  readonly connectionsPerAddress: number;
  /** Bytes that may wait for the sockets of one address. */
  readonly bufferBytesPerAddress: number;
  /** Bytes that may wait for all sockets. */
  readonly bufferBytes: number;
  /** Connections of an isolate to a PostgreSQL database. */
  readonly postgresConnections: number;
}

/** A machine, or a container, that is ours. */
const MACHINE: Platform = {
  host: "0.0.0.0",
  isolates: 256,
  store: "sqlite:data/parley.db",
  orMemory: false,
  // What a balancer takes to notice.
  drainS: 5,
  maxDrainS: 3600,
  connectionsPerAddress: 256,
  // 64 KiB, from where on a peer is congested, for each of the 256 sockets of an address.
  bufferBytesPerAddress: 16 * MIB,
  // 16 such addresses, which leaves most of a host of 1 GiB to the others.
  bufferBytes: 256 * MIB,
  postgresConnections: 8,
};

/** The machine of somebody who works on Parley. */
const DEVELOPMENT: Platform = { ...MACHINE, host: "127.0.0.1", isolates: 1, drainS: 0 };

/** Deno Deploy: instances that share nothing, with 512 MB each, no file to keep anything in, and Deno KV if it is attached. */
const DENO_DEPLOY: Platform = {
  ...MACHINE,
  isolates: 1,
  store: "kv:",
  orMemory: true,
  // Nobody is sent to an instance any more that hears a signal, and it is killed 5 s later.
  drainS: 0,
  maxDrainS: 2,
  // Whether an instance hears the address of a client or one of the platform is not documented: all may seem to have one.
  connectionsPerAddress: 5_000,
  bufferBytesPerAddress: 64 * MIB,
  bufferBytes: 64 * MIB,
  // Some of the databases that can be attached take few, and instances are as many as there is load.
  postgresConnections: 4,
};

/** Where this is, as its environment tells. */
export function findPlatform(env: Env, dev = false): Platform {
  if (dev) return DEVELOPMENT;
  if (!env("DENO_DEPLOY")) return MACHINE;
  const store = postgresAddress(env);
  return store === undefined ? DENO_DEPLOY : { ...DENO_DEPLOY, store, orMemory: false };
}
