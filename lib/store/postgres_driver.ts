import "../timers.ts";
import "../sockets.ts";
import postgres from "postgres";

/** A row as the database gives it. */
export type Row = Readonly<Record<string, unknown>>;
/** What a statement may be given in the place of `$1`, `$2` and so on. */
export type Argument = string | number | boolean | null;

/** What the driver is told: all of it, for what it is not told it looks for in the environment. */
export interface DriverOptions {
  /** A name or an address. */
  readonly host: string;
  /** 1-65535. */
  readonly port: number;
  /** Who connects. */
  readonly user: string;
  /** Their password; empty if they have none. */
  readonly pass: string;
  /** The database's name. */
  readonly database: string;
  /** Whether to use TLS, and which certificates count. */
  readonly ssl: boolean | string | { readonly ca: string };
  /** The most connections. */
  readonly max: number;
  /** How long a connection may take until it can be used, in seconds. */
  readonly connect_timeout: number;
  /** How long to wait before an attempt to connect, in seconds. */
  readonly backoff: (attempts: number) => number;
  /** After how long a silence the system asks whether the peer is there, in seconds. */
  readonly keep_alive: number;
  /** After how long a connection is ended that nobody uses, in seconds; 0 is never. */
  readonly idle_timeout: number;
  /** After how long a connection is made anew, in seconds; 0 is never. */
  readonly max_lifetime: number;
  /** What the session is set to. */
  readonly connection: Readonly<Record<string, string | number>>;
  /** Called when a connection has ended. */
  readonly onclose?: () => void;
  /** Called with each notification on a channel that is listened to. */
  readonly onnotify?: (channel: string, payload: string) => void;
}

/** A statement that is asked, and its rows. */
export interface Query extends Promise<readonly Row[]> {
  /** `null` until it is sent. */
  readonly state: unknown;
  /** Takes back what was not sent yet: it rejects, and is not sent any more. */
  cancel(): void;
}

/** A database over a few connections, which are made when they are needed. */
export interface Sql {
  /** Does a statement that is prepared once a connection, or several with no arguments. */
  unsafe(
    statement: string,
    args?: Argument[],
    options?: { readonly prepare: boolean },
  ): Query;
  /** Lets go of the connections when what is under way is done, or after `timeout` seconds. */
  end(options: { readonly timeout: number }): Promise<void>;
}

/** How the driver treats all databases. */
const SAME = {
  // Arguments are texts and numbers: there is nothing to learn of a database's own types.
  fetch_types: false,
  types: { bigint: { to: 20, from: [20], parse: Number, serialize: String } },
  prepare: true,
  debug: false,
  max_pipeline: 100,
  publications: "none",
  onnotice: () => {},
};

/** Makes a {@linkcode Sql}. */
export function connect(options: DriverOptions): Sql {
  // Its types know neither a password of its own nor notifications.
  return postgres({ ...SAME, ...options } as postgres.Options<
    Record<string, postgres.PostgresType>
  >) as unknown as Sql;
}
