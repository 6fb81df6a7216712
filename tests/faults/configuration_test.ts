import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { type ProcessOptions, ServerProcess, TemporaryFolder } from "../helpers/process.ts";
import { stepsAtOnce } from "../helpers/steps.ts";

interface Case extends ProcessOptions {
  readonly name: string;
  readonly sentence: RegExp;
}

Deno.test("what cannot be run ends at once with one sentence", async (t) => {
  using folder = new TemporaryFolder();
  await Deno.mkdir(join(folder.path, "allowed"));
  await Deno.writeTextFile(
    join(folder.path, "letter"),
    "Dear reader, this is no database. ".repeat(99),
  );
  using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using parley = await ServerProcess.listening({
    settings: { PARLEY_STORE: "memory:", PARLEY_ISOLATES: "2" },
  });

  const cases = [
    ...settingCases(),
    ...pathCases(folder.path),
    ...permissionCases(folder.path),
    ...portCases("another program", String(other.addr.port)),
    ...portCases("another Parley", new URL(parley.url).port),
  ];
  await stepsAtOnce(t, cases, async ({ sentence, settings, ...options }) => {
    const server = new ServerProcess({ ...options, settings: { ...folder.store, ...settings } });
    const { code, stdout, stderr } = await server.ended;
    assertEquals({ code, stdout }, { code: 1, stdout: "" });
    assertMatch(stderr, sentence);
    assertEquals(stderr.trimEnd().split("\n").length, 1, "one sentence, and no stack");
  });
});

Deno.test("a start says one line, with an address that a browser opens", async () => {
  await using server = await ServerProcess.listening({
    settings: {
      HOST: "0.0.0.0",
      PARLEY_ISOLATES: "2",
      PARLEY_STORE: "memory:",
      PARLEY_LOG: "info",
    },
  });
  const { stdout, stderr } = server.output;
  const [, address] = /^Parley listens on (http:\/\/localhost:\d+\/)\n$/.exec(stdout) ?? [];
  assert(address, `it says where it listens: ${stdout}`);
  assertEquals(stderr, "");
  const response = await fetch(new URL("healthz", address));
  assertEquals(await response.json(), { status: "ok" });
});

function settingCases(): Case[] {
  return [
    {
      name: "a store of an unknown scheme",
      settings: { PARLEY_STORE: "mysql://parley:secret@localhost" },
      sentence: /^Cannot set PARLEY_STORE as it must be sqlite:PATH, .* of the scheme "mysql:"/,
    },
    {
      name: "an address of Deno KV that is none",
      settings: { PARLEY_STORE: "kv:https://parley:secret@localhost" },
      sentence:
        /^Cannot set PARLEY_STORE as it must be kv:, kv:PATH or kv:https:.* of another form$/m,
    },
    {
      name: "the database of a platform that is none, with two isolates",
      settings: { PARLEY_STORE: "kv:", PARLEY_ISOLATES: "2" },
      sentence: /^Cannot set PARLEY_STORE as it must be kv:PATH .* on Deno Deploy: .* "kv:"$/m,
    },
    {
      name: "an address of PostgreSQL that is none",
      settings: { PARLEY_STORE: "postgres://parley:secret@localhost:port/parley" },
      sentence: /^Cannot open the PostgreSQL database: the address is none$/m,
    },
    {
      name: "a kind of TLS that PostgreSQL does not know",
      settings: { PARLEY_STORE: "postgres://parley:secret@localhost/parley?sslmode=perhaps" },
      sentence: /^Cannot open the PostgreSQL database: there is no sslmode "perhaps"$/m,
    },
    {
      name: "a number that is none",
      settings: { PARLEY_MESSAGE_BURST: "many" },
      sentence: /^Cannot set PARLEY_MESSAGE_BURST as it must be a whole number .* "many"/,
    },
    {
      name: "a host that is not of this machine",
      settings: { HOST: "192.0.2.1" },
      sentence: /^Cannot listen on 192\.0\.2\.1:0: Cannot assign requested address/,
    },
  ];
}

function pathCases(folder: string): Case[] {
  const at = (path: string) => ({ PARLEY_STORE: `sqlite:${join(folder, path)}` });
  return [
    {
      name: "a path that is a folder",
      settings: at("allowed"),
      sentence: /^Cannot open the database '.*allowed': unable to open database file/,
    },
    {
      name: "a file that is no database",
      settings: { ...at("letter"), PARLEY_ISOLATES: "2" },
      sentence: /^Cannot open the database '.*letter': file is not a database/,
    },
    {
      name: "a folder that cannot be made",
      settings: at("letter/data/parley.db"),
      sentence: /^Cannot open the database '.*parley\.db': Not a directory/,
    },
  ];
}

function permissionCases(folder: string): Case[] {
  const narrowed = (permission: string, to: readonly string[]) => (flags: readonly string[]) =>
    flags.flatMap((flag) => flag === permission ? to : [flag]);
  return [
    {
      name: "a path outside of what may be written",
      flags: narrowed("--allow-write", [`--allow-write=${join(folder, "allowed")}`]),
      sentence: /^Cannot open the database '.*': Requires write access to .* --allow-write/,
    },
    {
      name: "a network that may not be used",
      flags: narrowed("--allow-net", []),
      settings: { PARLEY_ISOLATES: "2" },
      sentence: /^Cannot listen on 127\.0\.0\.1:0: Requires net access to .* --allow-net/,
    },
  ];
}

function portCases(holder: string, port: string): Case[] {
  return ["1", "2"].map((isolates) => ({
    name: `a port that ${holder} has, with isolates: ${isolates}`,
    settings: { PORT: port, PARLEY_ISOLATES: isolates },
    sentence: /^Cannot listen on 127\.0\.0\.1:\d+: the port is taken, set PORT to one that is free/,
  }));
}
