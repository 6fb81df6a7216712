import type { DriverOptions } from "./postgres_driver.ts";

/** The schema of a database in which all of Parley is, and the channel over which its instances tell each other of it. */
export const SCHEMA = "parley";

/** How long a connection may take until it can be used, in seconds, where the address does not say. */
const CONNECT_TIMEOUT_S = 2;
/** The longest wait between two attempts to connect, in seconds: what was missed is to be read within 5 s. */
const MAX_BACKOFF_S = 2;

/** What every session is set to. An address may say otherwise of each. */
const SESSION = {
  application_name: "parley",
  search_path: SCHEMA,
  default_transaction_isolation: "read committed",
  client_min_messages: "warning",
  // Less than what a call may take at our side, so that whoever waits for a lock is told so.
  statement_timeout: 3_000,
  idle_in_transaction_session_timeout: 10_000,
  // The server lets go of the locks of an instance whose network is gone.
  tcp_keepalives_idle: "10",
  tcp_keepalives_interval: "5",
  tcp_keepalives_count: "3",
  // Everything here is looked up by an index. A plan that was made while a table was small reads all of it when it is large.
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
  jit: "off",
} as const;

/** What is asked of {@linkcode postgresOptions} beside the address. */
export interface PostgresTuning {
  /** The most connections. */
  readonly max: number;
  /** What the sessions are set to beside {@linkcode SESSION}. */
  readonly session?: DriverOptions["connection"];
}

/**
 * What `npm:postgres` is given to connect to what an address names.
 *
 * Everything that it would read from the environment otherwise is said here. What stands behind `?` is set for the
 * session, but for `sslmode`, `sslrootcert` and `connect_timeout` (in seconds). Throws an `Error` that quotes nothing of an address that is none.
 */
export function postgresOptions(address: string, { max, session }: PostgresTuning): DriverOptions {
  const url = URL.parse(address.replace(/^postgres(ql)?:/, "http:"));
  if (!url || url.hostname === "") throw new Error("the address is none");
  const parameters = Object.fromEntries(url.searchParams);
  const { sslmode = "disable", sslrootcert, connect_timeout = CONNECT_TIMEOUT_S, ...rest } =
    parameters;
  const user = decodeURIComponent(url.username) || "postgres";
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port) || 5432,
    user,
    pass: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || user,
    ssl: toSsl(sslmode, sslrootcert),
    max,
    connect_timeout: Number(connect_timeout),
    backoff: backoffS,
    keep_alive: 10,
    idle_timeout: 0,
    max_lifetime: 60 * (30 + Math.random() * 30),
    connection: { ...SESSION, ...session, ...rest },
  };
}

/** How long to wait before an attempt to connect, in seconds: longer each time, and never the same for all instances. */
export function backoffS(attempts: number): number {
  return (0.5 + Math.random() / 2) * Math.min(2 ** attempts / 20, MAX_BACKOFF_S);
}

/** `rootCertificate` is the path of a file; without it those count that Deno trusts. */
function toSsl(mode: string, rootCertificate?: string): DriverOptions["ssl"] {
  switch (mode) {
    case "disable":
      return false;
    case "allow":
    case "prefer":
    case "require":
      return mode;
    case "verify-ca":
    case "verify-full":
      return rootCertificate === undefined || rootCertificate === "system"
        ? "verify-full"
        : { ca: Deno.readTextFileSync(rootCertificate) };
    default:
      throw new Error(`there is no sslmode "${mode}"`);
  }
}
