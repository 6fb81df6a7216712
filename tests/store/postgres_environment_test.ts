import { assertEquals } from "@std/assert";
import { postgresAddress } from "../../lib/store/postgres_environment.ts";

const CASES: readonly [
  name: string,
  variables: Readonly<Record<string, string>>,
  address: string | undefined,
][] = [
  ["nothing attached is no address", {}, undefined],
  [
    "an address is taken",
    { DATABASE_URL: "postgres://u:p@h:1/d?sslmode=require" },
    "postgres://u:p@h:1/d?sslmode=require",
  ],
  [
    "TLS is used if the server has it",
    { DATABASE_URL: "postgresql://u:p@h/d" },
    "postgresql://u:p@h/d?sslmode=prefer",
  ],
  ["the variable for TLS counts where the address is silent", {
    DATABASE_URL: "postgres://h/d",
    PGSSLMODE: "verify-full",
  }, "postgres://h/d?sslmode=verify-full"],
  ["what is for other drivers is left out", {
    DATABASE_URL: "postgres://h/d?schema=public&sslmode=require&pgbouncer=true&connect_timeout=9",
  }, "postgres://h/d?sslmode=require&connect_timeout=9"],
  ["an address of another kind gives way to the parts", {
    DATABASE_URL: "prisma+postgres://h/?api_key=x",
    PGHOST: "h",
    PGUSER: "u",
  }, "postgres://u@h:5432/?sslmode=prefer"],
  ["parts that an address must encode are encoded", {
    PGHOST: "::1",
    PGPORT: "1",
    PGUSER: "a@b",
    PGPASSWORD: "p/w:@",
    PGDATABASE: "app-production/x",
    PGSSLMODE: "disable",
  }, "postgres://a%40b:p%2Fw%3A%40@[::1]:1/app-production%2Fx?sslmode=disable"],
  ["an address of another kind alone is none", { DATABASE_URL: "mysql://h/d" }, undefined],
];

for (const [name, variables, address] of CASES) {
  Deno.test(`postgresAddress: ${name}`, () => {
    assertEquals(postgresAddress((variable) => variables[variable]), address);
  });
}
