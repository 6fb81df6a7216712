/** Where a Redis server is, and how to get in. */
export interface RedisAddress {
  /** Its name or address. */
  readonly host: string;
  /** Its port. */
  readonly port: number;
  /** Whether to speak TLS, as `rediss:` asks for. */
  readonly tls: boolean;
  /** The ACL user; the default one if absent. */
  readonly username?: string;
  /** The password; none if absent. */
  readonly password?: string;
  /** The number of the database. */
  readonly database: number;
}

/**
 * Reads `redis://[user:pass@]host[:port][/db]`, or the same with `rediss:`; without a port it is 6379, and without a
 * database 0.
 *
 * Throws an `Error` of one sentence, without the password, for the person who runs the server.
 */
export function parseRedisUrl(text: string): RedisAddress {
  const url = URL.parse(text);
  const username = decode(url?.username ?? "");
  const password = decode(url?.password ?? "");
  const database = url?.pathname.slice(1) ?? "";
  const isFit = url?.hostname && /^\d{0,9}$/.test(database) && url.search === "" && url.hash === "";
  if (!isFit || username === undefined || password === undefined) {
    throw new Error(
      "Cannot read the address of Redis as it must be redis://[user:pass@]host:port/db, with / and others encoded in a password (%2F)",
    );
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || 6379),
    tls: url.protocol === "rediss:",
    ...(username !== "" && { username }),
    ...(password !== "" && { password }),
    database: Number(database),
  };
}

/** An address for people: without user and password. */
export function showRedisAddress({ host, port, database }: RedisAddress): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}/${database}`;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
