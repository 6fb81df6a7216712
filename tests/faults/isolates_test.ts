import { assert, assertEquals } from "@std/assert";
import { testConfig } from "../helpers/server.ts";
import { assertClosed, Client } from "../helpers/client.ts";
import { ServerProcess, TemporaryFolder } from "../helpers/process.ts";
import { talk } from "../helpers/talk.ts";
import { welcomedApart, welcomedAt } from "./welcomed_at.ts";

const TWO = { PARLEY_ISOLATES: "2", PARLEY_STORE: "memory:" };

Deno.test("two isolates share the port, the rooms and one store", async () => {
  await using server = await ServerProcess.listening({ settings: TWO });
  const [alice, bob] = await welcomedApart(server.ws, "Alice", "Bob");

  await alice.join();
  const joined = await bob.join();
  assertEquals(joined.users.map((user) => user.name), ["Alice", "Bob"]);
  assertEquals((await alice.next("user_joined", ({ username }) => username === "Bob")).count, 2);

  await alice.say("from one isolate");
  assertEquals((await bob.next("chat_message")).text, "from one isolate");
  await bob.say("from the other");
  await alice.until((events) => events.some(({ text }) => text === "from the other"));

  bob.send({ type: "typing", room: "general", on: true });
  assertEquals((await alice.next("typing")).username, "Bob");

  await bob.close();
  const left = await alice.next("user_left");
  assertEquals([left.username, left.count], ["Bob", 1]);
  await alice.close();
});

Deno.test("a name is one person's at all isolates", async () => {
  await using server = await ServerProcess.listening({ settings: TWO });
  const [alice, bob] = await welcomedApart(server.ws, "Alice", "Bob");

  const tries = Array.from({ length: 12 }, async () => {
    await assertClosed(Client.v1(server.ws, { username: "ALICE" }), 4501);
    await assertClosed(Client.plain(server.ws, { username: "alice" }), 1008);
  });
  await Promise.all(tries);

  await using again = await welcomedAt(
    server.ws,
    { token: alice.me.token },
    (at) => at === bob.me.instance,
  );
  assertEquals(again.me.user, alice.me.user);
  await alice.close();
  await bob.close();
});

Deno.test("a plain connection gives way to a newer one at another isolate, and nobody sees it", async () => {
  await using server = await ServerProcess.listening({ settings: TWO });
  await using bob = await Client.welcomed(server.ws, { username: "Bob" });
  await bob.join();

  const query = { username: "Alice", client_id: "hers" };
  let newest = Client.plain(server.ws, query);
  await newest.next("user_joined");
  // Twelve in a row: the kernel deals them to both isolates, so that some cross over.
  for (let i = 0; i < 12; i++) {
    const older = newest;
    newest = Client.plain(server.ws, query);
    await newest.next("user_joined");
    await assertClosed(older, 4503);
  }
  newest.socket.send("still me");
  assertEquals((await bob.next("chat_message")).username, "Alice");
  assertEquals(bob.all("user_joined").filter(({ username }) => username === "Alice").length, 1);
  assertEquals(bob.all("user_left"), []);
  await newest.close();
});

Deno.test("twenty people at two isolates read the same thousand lines in the same order", async () => {
  using folder = new TemporaryFolder();
  const settings = {
    ...TWO,
    ...folder.store,
    PARLEY_MESSAGES_PER_SECOND: "0",
    PARLEY_HISTORY_IN_MEMORY: "1000",
  };
  await using server = await ServerProcess.listening({ settings });
  const people = await Promise.all(
    Array.from({ length: 20 }, (_, i) => Client.welcomed(server.ws, { username: `User ${i}` })),
  );
  assertEquals(new Set(people.map(({ me }) => me.instance)).size, 2, "the people are at both");
  await Promise.all(people.map((person) => person.join()));

  const lines = talk(1000);
  const share = lines.length / people.length;
  const linesOf = (author: number) => lines.slice(author * share, (author + 1) * share);
  for (const [author, person] of people.entries()) {
    for (const text of linesOf(author)) person.send({ type: "send", room: "general", text });
  }
  const heard = (person: Client) =>
    person.all("chat_message").map(({ seq, username, text }) => [seq, username, text]);
  await Promise.all(
    people.map((person) =>
      person.until(() => heard(person).length >= lines.length, "a thousand lines")
    ),
  );

  const [first, ...rest] = people.map(heard);
  assertEquals(first!.map(([seq]) => seq), Array.from({ length: 1000 }, (_, i) => i + 1));
  for (const other of rest) assertEquals(other, first);
  for (const [author, person] of people.entries()) {
    const own = first!.filter(([, username]) => username === person.me.user.name);
    assertEquals(
      own.map(([, , text]) => text),
      linesOf(author),
      "each one's lines keep their order",
    );
  }
  await Promise.all(people.map((person) => person.close()));
});

Deno.test("the settings reach an isolate as they are", () => {
  const config = testConfig({
    PARLEY_MESSAGES_PER_SECOND: "0",
    PARLEY_TRUSTED_PROXIES: "10.0.0.0/8, ::1",
    PARLEY_ORIGINS: "https://example.com",
  });
  assertEquals(config.messagesPerSecond, Infinity);
  assertEquals(structuredClone(config), config);
  assert(config.trustedProxies.length === 2);
});
