import { assert, assertEquals, assertMatch } from "@std/assert";
import { assertClosed, Client, type Received } from "../helpers/client.ts";
import { TemporaryFolder } from "../helpers/process.ts";
import { startServer, type TestServer } from "../helpers/server.ts";

type Person = Client & { me: Received };

/** Asks the server over HTTP, as a person. */
async function ask(
  { url }: TestServer,
  { me }: Person,
  path: string,
  body?: unknown,
): Promise<{ status: number; json: Received }> {
  const response = await fetch(url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { "authorization": `Bearer ${me.token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
}

/** The name of the direct room of two people. */
async function directRoom(server: TestServer, person: Person, name: string): Promise<string> {
  const { status, json } = await ask(server, person, "/api/direct", { name });
  assert(status === 200 || status === 201, JSON.stringify(json));
  return json.room;
}

Deno.test("direct: two people have one room, which both find in their lists", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  await using bob = await Client.joined(server.ws, "Bob");
  const { json } = await ask(server, alice, "/api/direct", { name: "bob" });
  assertMatch(json.room, /^~[0-9A-Z]{26}$/);
  assertEquals(json.with, bob.me.user);
  assertEquals(await directRoom(server, bob, "Alice"), json.room);

  await alice.join(json.room);
  await alice.say("psst", json.room);
  const { json: list } = await ask(server, bob, "/api/rooms");
  const [{ room, unread, newest, with: other }] = list.directs;
  assertEquals([room, unread, newest.text, other], [json.room, 1, "psst", alice.me.user]);
  assertEquals(list.rooms.map(({ room }: Received) => room), ["general"]);
});

Deno.test("direct: the first message reaches somebody who knew nothing of the room, with who it is from", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  const bobs = await ask(server, alice, "/api/session", { name: "Bob" });
  await using bob = await Client.welcomed(server.ws, { token: bobs.json.token });
  const room = await directRoom(server, alice, "Bob");
  const joined = await alice.join(room);
  assertEquals(joined.with?.id, bob.me.user.id);
  await alice.say("psst", room);
  const news = await bob.next("room_changed");
  assertEquals([news.room, news.unread, news.with], [room, 1, alice.me.user]);
  assertEquals([news.newest.username, news.newest.text], ["Alice", "psst"]);

  await bob.close();
  await using again = await Client.welcomed(server.ws, { token: bob.me.token });
  const mine = again.me.rooms.find((one: Received) => one.room === room)!;
  assertEquals([mine.unread, mine.with, mine.newest?.text], [1, alice.me.user, "psst"]);
});

Deno.test("direct: the first message reaches somebody at another instance", async () => {
  using folder = new TemporaryFolder();
  await using here = await startServer(folder.store);
  await using there = await startServer(folder.store);
  await using alice = await Client.joined(here.ws, "Alice");
  await using bob = await Client.joined(there.ws, "Bob");
  const room = await directRoom(here, alice, "Bob");
  await alice.join(room);
  await alice.say("psst", room);
  assertEquals(
    (await bob.next("room_changed", (event) => event.room === room)).with,
    alice.me.user,
  );
});

Deno.test("direct: leaving it does not end it", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  await using bob = await Client.joined(server.ws, "Bob");
  const room = await directRoom(server, alice, "Bob");
  await bob.join(room);
  bob.send({ type: "leave", room });
  await bob.next("left");
  await alice.join(room);
  await alice.say("still there?", room);
  await bob.next("room_changed", (event) => event.room === room && event.unread === 1);
});

Deno.test("direct: a third person is refused whatever they try, as for a room that is not there", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  await using _bob = await Client.joined(server.ws, "Bob");
  await using carol = await Client.joined(server.ws, "Carol");
  const room = await directRoom(server, alice, "Bob");
  await alice.join(room);
  const { id } = await alice.say("a secret", room);

  for (const there of [room, "~01ARZ3NDEKTSV4RRFFQ69G5FAV"]) {
    carol.send({ type: "join", room: there, ref: there });
    assertEquals((await carol.next("error", (event) => event.ref === there)).code, "forbidden");
    for (
      const command of [
        { type: "send", text: "hello" },
        { type: "edit", id, text: "hello" },
        { type: "delete", id },
        { type: "react", id, emoji: "👍", on: true },
        { type: "typing", on: true },
      ]
    ) {
      carol.send({ ...command, room: there });
      assertEquals((await carol.next("error")).code, "not_joined", command.type);
    }
    const path = `/api/rooms/${encodeURIComponent(there)}`;
    for (const rest of ["messages", `messages/${id}`, "place?time=0", "events"]) {
      const { status, json } = await ask(server, carol, `${path}/${rest}`);
      assertEquals([status, json.code], [403, "forbidden"], rest);
    }
    const said = await ask(server, carol, `${path}/messages`, { text: "hello" });
    assertEquals([said.status, said.json.code], [403, "forbidden"]);
    const query = new URLSearchParams({ q: "secret", room: there });
    const found = await ask(server, carol, `/api/search?${query}`);
    assertEquals([found.status, found.json.code], [403, "forbidden"]);
    await using plain = Client.plain(server.ws, { username: "Mallory", room: there });
    await assertClosed(plain, 1008);
    const here = await fetch(`${server.url}/api/session?room=${encodeURIComponent(there)}`);
    assertEquals(await here.json(), { user: null });
  }
  carol.send({ type: "read", room, seq: 1 });
  assertEquals((await carol.next("error")).code, "forbidden");
  await carol.settle();
  assertEquals((await ask(server, carol, "/api/search?q=secret")).json.messages, []);
  assertEquals((await ask(server, alice, "/api/search?q=secret")).json.messages.length, 1);
  assertEquals((await ask(server, carol, "/api/rooms")).json.directs, []);
  assertEquals(carol.all("room_changed"), []);
});

const REFUSALS: [name: string, body: unknown, status: number, code: string][] = [
  ["nobody has the name", { name: "Nobody" }, 404, "not_found"],
  ["it is oneself", { name: "ALICE" }, 400, "bad_request"],
  ["the name is none", { name: "" }, 400, "bad_name"],
  ["there is no name", {}, 400, "bad_request"],
];

for (const [name, body, status, code] of REFUSALS) {
  Deno.test(`direct: no room is made where ${name}`, async () => {
    await using server = await startServer();
    await using alice = await Client.joined(server.ws, "Alice");
    const answer = await ask(server, alice, "/api/direct", body);
    assertEquals([answer.status, answer.json.code], [status, code]);
  });
}
