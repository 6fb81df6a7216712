import { assert, assertEquals } from "@std/assert";
import { backoffS, postgresOptions } from "../../lib/store/postgres_options.ts";

const options = (address: string) => postgresOptions(address, { max: 3 });

Deno.test("postgresOptions reads an address, whatever its parts hold", () => {
  const { host, port, user, pass, database, ssl, max } = options(
    "postgresql://par%40ley:pass%2Fword%40%3A@[::1]:6432/my%20chat",
  );
  assertEquals({ host, port, user, pass, database, ssl, max }, {
    host: "::1",
    port: 6432,
    user: "par@ley",
    pass: "pass/word@:",
    database: "my chat",
    ssl: false,
    max: 3,
  });
});

Deno.test("postgresOptions names the user, the port and the database that an address leaves out", () => {
  const { port, user, database } = options("postgres://db.example");
  assertEquals({ port, user, database }, { port: 5432, user: "postgres", database: "postgres" });
});

Deno.test("postgresOptions wants TLS as the address says", () => {
  const modes = ["disable", "prefer", "require", "verify-ca", "verify-full"];
  assertEquals(modes.map((mode) => options(`postgres://h/d?sslmode=${mode}`).ssl), [
    false,
    "prefer",
    "require",
    "verify-full",
    "verify-full",
  ]);
});

Deno.test("postgresOptions sets for the session what else the address says", () => {
  const { connection, connect_timeout } = options(
    "postgres://h/d?application_name=a&connect_timeout=9",
  );
  assertEquals([connection?.application_name, connect_timeout], ["a", 9]);
  assert(!("connect_timeout" in connection!));
});

Deno.test("backoffS rises to 2 s, and differs from time to time", () => {
  for (let attempts = 0; attempts < 1100; attempts++) {
    const wait = backoffS(attempts);
    assert(wait > 0 && wait <= 2, `${wait} s`);
  }
  assert(backoffS(0) <= 0.05 && backoffS(20) >= 1);
  assert(new Set(Array.from({ length: 10 }, () => backoffS(20))).size > 1);
});
