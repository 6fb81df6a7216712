import { assert, assertEquals, assertRejects } from "@std/assert";
import { SqliteConnection } from "../../lib/store/sqlite_connection.ts";
import { assertClosed, Client } from "../helpers/client.ts";
import { type ProcessOptions, ServerProcess, TemporaryFolder } from "../helpers/process.ts";
import { RawSocket } from "../helpers/raw_socket.ts";
import { stepsAtOnce } from "../helpers/steps.ts";

/** Hosts kill what is still there after 5 s. */
const WITHIN_MS = 5_000;

interface Way extends ProcessOptions {
  readonly name: string;
  readonly signal: Deno.Signal;
}

const WAYS: readonly Way[] = [
  { name: "SIGINT ends dev", task: "dev", signal: "SIGINT" },
  { name: "SIGTERM ends dev", task: "dev", signal: "SIGTERM" },
  { name: "SIGINT ends two isolates", settings: { PARLEY_ISOLATES: "2" }, signal: "SIGINT" },
  { name: "SIGTERM ends two isolates", settings: { PARLEY_ISOLATES: "2" }, signal: "SIGTERM" },
];

Deno.test("the server ends in order, and knows after it what it knew before", async (t) => {
  await stepsAtOnce(t, WAYS, endInOrder);
});

async function endInOrder({ signal, ...way }: Way): Promise<void> {
  using folder = new TemporaryFolder();
  const options = { ...way, settings: { ...way.settings, ...folder.store } };
  await using server = await ServerProcess.listening(options);
  const people = await Promise.all(
    Array.from({ length: 12 }, (_, i) => Client.welcomed(server.ws, { username: `User ${i}` })),
  );
  const plain = Client.plain(server.ws, { username: "Plain" });
  await plain.next("user_joined");
  const said = await Promise.all(people.map(async (person, i) => {
    await person.join();
    const { id, seq } = await person.say(`Line ${i}`);
    return { id, seq, text: `Line ${i}` };
  }));

  const { code, stdout, tookMs } = await server.end(signal);
  assertEquals(code, 0);
  assert(tookMs < WITHIN_MS, `it took ${tookMs} ms`);
  assertEquals(stdout, `Parley listens on ${server.url}/\n`);

  for (const person of people) {
    assertEquals((await person.closed).code, 1001);
    assertEquals(person.events.at(-1).type, "bye");
  }
  assertEquals((await plain.closed).code, 1001);
  for (const at of Map.groupBy(people, ({ me }) => me.instance).values()) {
    const returns = at.map((person) => person.events.at(-1).reconnect_after_ms);
    assertEquals(new Set(returns).size, returns.length, "each comes back at a time of its own");
  }

  await using again = await ServerProcess.listening(options);
  await using reader = await Client.welcomed(again.ws, { token: people[0]!.me.token });
  const { messages } = await reader.join();
  assertEquals(
    messages.map(({ id, seq, text }) => ({ id, seq, text })),
    said.toSorted((a, b) => a.seq - b.seq),
  );
  // A plain name is free again with its last connection, whoever comes next.
  await using stranger = Client.plain(again.ws, { username: "Plain" });
  await stranger.next("user_joined");
}

Deno.test("a change to a file starts the server of dev anew, in order and on the same port", async () => {
  using folder = new TemporaryFolder();
  const [main, isolate] = [`${folder.path}/main.ts`, `${folder.path}/code/isolate.ts`];
  await Deno.mkdir(`${folder.path}/code`);
  const code = `import "${import.meta.resolve("../../lib/isolate.ts")}";`;
  await Deno.writeTextFile(isolate, code);
  await Deno.writeTextFile(
    main,
    `import { run } from "${import.meta.resolve("../../lib/run.ts")}";
    const isolate = new URL("./code/isolate.ts", import.meta.url);
    await run({ dev: true, watch: new URL("./code/", import.meta.url), isolate });`,
  );
  await using server = await ServerProcess.listening({
    task: "dev",
    main,
    flags: (flags) => [...flags, "--config=deno.json"],
    settings: folder.store,
  });
  const alice = await Client.welcomed(server.ws, { username: "Alice" });
  await alice.join();
  const { id } = await alice.say("kept");

  await Deno.writeTextFile(isolate, `${code} const broken = ;`);
  await assertClosed(alice, 1001);
  assertEquals(alice.events.at(-1).type, "bye");
  await server.written("stderr", /broken/);

  await Deno.writeTextFile(isolate, `${code} // mended`);
  await server.written("stdout", /started anew/);
  await using returned = await Client.welcomed(server.ws, { token: alice.me.token });
  assertEquals((await returned.join()).messages.map((message) => message.id), [id]);
  assertEquals((await server.end("SIGTERM")).code, 0);
});

Deno.test("neither idle clients nor more signals hold the end, and nobody is let in meanwhile", async () => {
  using folder = new TemporaryFolder();
  const settings = { ...folder.store, PARLEY_ISOLATES: "2" };
  await using server = await ServerProcess.listening({ settings });
  const { hostname, port } = new URL(server.url);
  const address = { hostname, port: Number(port) };
  using silent = await RawSocket.v1(server.ws, "Silent");
  await silent.command({ type: "join", room: "general" });
  using endless = await Deno.connect(address);
  const head = "POST /api/session HTTP/1.1\r\nhost: parley\r\ncontent-length: 100\r\n\r\n{";
  await endless.write(new TextEncoder().encode(head));
  await using witness = await Client.welcomed(server.ws, { username: "Witness" });

  const ending = server.end("SIGTERM");
  await witness.closed;
  server.signal("SIGINT");
  server.signal("SIGTERM");
  // The other isolate may be a moment behind.
  await new Promise((resolve) => setTimeout(resolve, 200));
  await assertRejects(() => Deno.connect(address), Deno.errors.ConnectionRefused);
  const { code, tookMs } = await ending;
  assertEquals(code, 0);
  assert(200 < tookMs && tookMs < 3_000, `the unfinished request costs a second, not ${tookMs} ms`);
});

Deno.test("people who are just coming do not disturb the end", async () => {
  await using server = await ServerProcess.listening({
    settings: { PARLEY_ISOLATES: "2", PARLEY_STORE: "memory:" },
  });
  const crowd = Array.from({ length: 100 }, async (_, i) => {
    await new Promise((resolve) => setTimeout(resolve, i));
    const client = Client.v1(server.ws, { username: `User ${i}` });
    client.socket.addEventListener("open", () => client.send({ type: "join", room: "general" }));
    return await client.closed;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { code, stderr, tookMs } = await server.end("SIGTERM");
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assert(tookMs < WITHIN_MS, `it took ${tookMs} ms`);
  await Promise.all(crowd);
});

Deno.test("a signal ends a server that has not come up yet", async () => {
  using folder = new TemporaryFolder();
  const settings = { ...folder.store, PARLEY_ISOLATES: "2" };
  // Another program holds the database, so that the start takes as long as this one wants it to.
  using database = new SqliteConnection(`${folder.path}/parley.db`);
  database.exec("PRAGMA journal_mode = WAL; BEGIN IMMEDIATE");
  await using server = new ServerProcess({ settings });
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const { code, stdout, stderr, tookMs } = await server.end("SIGTERM");
  assertEquals({ code, stdout, stderr }, { code: 0, stdout: "", stderr: "" });
  assert(tookMs < WITHIN_MS, `it took ${tookMs} ms`);
});
