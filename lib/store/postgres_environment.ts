/** What stands behind `?` that is for those who connect; the rest would be set for the session, which a server refuses of what it does not know. */
const PARAMETERS = ["sslmode", "sslrootcert", "connect_timeout"];

/**
 * The address of the PostgreSQL database that a host has attached, or `undefined` if there is none.
 *
 * It comes in `DATABASE_URL`, or else in `PGHOST` with `PGPORT`, `PGUSER`, `PGPASSWORD` and `PGDATABASE`. Where it does not say how
 * it wants TLS, `PGSSLMODE` does, or else TLS is used if the server has it.
 */
export function postgresAddress(env: (name: string) => string | undefined): string | undefined {
  const given = env("DATABASE_URL") ?? "";
  const url = /^postgres(ql)?:\/\//.test(given) ? URL.parse(given) : fromParts(env);
  if (!url) return undefined;
  for (const name of [...url.searchParams.keys()]) {
    if (!PARAMETERS.includes(name)) url.searchParams.delete(name);
  }
  if (!url.searchParams.has("sslmode")) {
    url.searchParams.set("sslmode", env("PGSSLMODE") || "prefer");
  }
  return url.href;
}

function fromParts(env: (name: string) => string | undefined): URL | null {
  const part = (name: string) => encodeURIComponent(env(name) ?? "");
  const [host, port] = [env("PGHOST"), env("PGPORT") || "5432"];
  if (!host) return null;
  const named = host.includes(":") ? `[${host}]` : host;
  const user = `${part("PGUSER")}:${part("PGPASSWORD")}`;
  return URL.parse(`postgres://${user}@${named}:${port}/${part("PGDATABASE")}`);
}
