import { assert, assertEquals, assertMatch } from "@std/assert";
import { assertClosed, Client, type Received } from "../helpers/client.ts";
import { startServer } from "../helpers/server.ts";

const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const moves = (client: Client) =>
  client.events.filter(({ type }) => type !== "chat_message")
    .map(({ type, username, active_users }: Received) => [type, username, active_users]);

Deno.test("PlainConnection tells everyone who is there, as people come and go", async () => {
  await using server = await startServer();
  await using alice = await Client.plainJoined(server.ws, { username: "Alice" });
  await using bob = await Client.plainJoined(server.ws, { username: "Bob", client_id: "b" });
  await alice.next("user_joined", ({ username }) => username === "Bob");
  await bob.close();
  await alice.next("user_left");
  assertEquals(moves(bob), [["user_joined", "Bob", ["Alice", "Bob"]]]);
  assertEquals(moves(alice), [
    ["user_joined", "Alice", ["Alice"]],
    ["user_joined", "Bob", ["Alice", "Bob"]],
    ["user_left", "Bob", ["Alice"]],
  ]);
});

Deno.test("PlainConnection tells everyone of a message, the sender too, whatever its text holds", async () => {
  await using server = await startServer();
  await using alice = await Client.plainJoined(server.ws, { username: "Alice" });
  await using bob = await Client.plainJoined(server.ws, { username: "Bob" });
  const texts = ["hello", '{"type":"join"}', "[1]", "\u202Eשלום 👨‍👩‍👧", "<b>&amp;", "  spaced  "];
  for (const text of texts) bob.socket.send(text);
  for (const client of [alice, bob]) {
    await client.until(() => client.all("chat_message").length === texts.length);
    assertEquals(client.all("chat_message").map(({ username, text }) => [username, text]), [
      ...texts.map((text) => ["Bob", text]),
    ]);
  }
  const { timestamp } = alice.all("chat_message")[0];
  assertMatch(timestamp, ISO_8601);
  assert(Math.abs(Date.now() - Date.parse(timestamp)) < 5_000);
});

const TAKEN: readonly [name: string, query: Record<string, string>][] = [
  ["the same name", { username: "Alice" }],
  ["a name that differs in case", { username: "aLICE" }],
  ["the same name with another client_id", { username: "Alice", client_id: "other" }],
  ["the same name in another room", { username: "Alice", room: "elsewhere" }],
];

for (const [name, query] of TAKEN) {
  Deno.test(`PlainConnection refuses a held name before anyone is told: ${name}`, async () => {
    await using server = await startServer();
    await using alice = await Client.plainJoined(server.ws, { username: "Alice", client_id: "a" });
    await using second = Client.plain(server.ws, query);
    await assertClosed(second, 1008);
    assertEquals(second.events, []);
    alice.socket.send("all is quiet");
    await alice.next("chat_message");
    assertEquals(moves(alice), [["user_joined", "Alice", ["Alice"]]]);
  });
}

Deno.test("PlainConnection takes over the older one of its client, and nobody else is told", async () => {
  await using server = await startServer();
  await using bob = await Client.plainJoined(server.ws, { username: "Bob" });
  await using older = await Client.plainJoined(server.ws, { username: "Alice", client_id: "a" });
  await using newer = await Client.plainJoined(server.ws, { username: "ALICE", client_id: "a" });
  await assertClosed(older, 4503);
  assertEquals(moves(newer).map(([type, name]) => [type, name]), [["user_joined", "ALICE"]]);
  newer.socket.send("it is me");
  await bob.next("chat_message");
  await newer.next("chat_message");
  assertEquals(moves(bob).map(([type, name]) => [type, name]), [
    ["user_joined", "Bob"],
    ["user_joined", "Alice"],
  ]);
  await newer.close();
  assertEquals((await bob.next("user_left")).active_users, ["Bob"]);
});

Deno.test("PlainConnection frees its name with its close", async () => {
  await using server = await startServer();
  await using bob = await Client.plainJoined(server.ws, { username: "Bob" });
  const first = await Client.plainJoined(server.ws, { username: "Alice" });
  await first.close();
  await bob.next("user_left");
  await using second = await Client.plainJoined(server.ws, { username: "alice" });
  assertEquals(moves(second), [["user_joined", "alice", ["Bob", "alice"]]]);
});

const REFUSED: readonly [name: string, code: string, data: string | Uint8Array<ArrayBuffer>][] = [
  ["a text over the limit", "too_long", "x".repeat(2001)],
  ["a frame over the limit", "too_long", "x".repeat(32_769)],
  ["a frame of few characters and many bytes", "too_long", "界".repeat(11_000)],
  ["an empty frame", "bad_request", ""],
  ["a blank text", "bad_request", " \t\n"],
  ["a binary frame", "bad_request", new Uint8Array([1, 2, 3])],
];

Deno.test("PlainConnection tells its sender alone what cannot be said", async () => {
  await using server = await startServer();
  await using alice = await Client.plainJoined(server.ws, { username: "Alice" });
  await using bob = await Client.plainJoined(server.ws, { username: "Bob" });
  for (const [name, code, data] of REFUSED) {
    bob.socket.send(data);
    const error = await bob.next("error");
    assertEquals([error.code, typeof error.error], [code, "string"], name);
  }
  bob.socket.send("x".repeat(2000));
  await alice.next("chat_message");
  assertEquals([alice.all("error").length, alice.all("chat_message").length], [0, 1]);
});

const HISTORIES: readonly [history: string | undefined, texts: string[]][] = [
  [undefined, []],
  ["0", []],
  ["2", ["3", "4"]],
  ["100", ["1", "3", "4"]],
  ["-1", []],
  ["many", []],
];

Deno.test("PlainConnection is sent the newest messages before all else, as many as it wants", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  await alice.say("1");
  const { id } = await alice.say("2");
  for (const text of ["3", "4"]) await alice.say(text);
  alice.send({ type: "delete", room: "general", id });
  await alice.until(() => alice.all("ack").length === 5);
  for (const [history, texts] of HISTORIES) {
    const query = { username: "Bob", ...history !== undefined && { history } };
    await using bob = await Client.plainJoined(server.ws, query);
    assertEquals(bob.events.map(({ type, text }) => text ?? type), [...texts, "user_joined"]);
    for (const message of bob.all("chat_message")) assertMatch(message.timestamp, ISO_8601);
    await bob.close();
    await alice.next("user_left");
  }
});

Deno.test("PlainConnection is in the room that it names, and hears of no other", async () => {
  await using server = await startServer();
  await using alice = await Client.plainJoined(server.ws, { username: "Alice", room: "red" });
  await using bob = await Client.plainJoined(server.ws, { username: "Bob" });
  await using carol = await Client.plainJoined(server.ws, { username: "Carol", room: "red" });
  assertEquals(moves(carol), [["user_joined", "Carol", ["Alice", "Carol"]]]);
  alice.socket.send("to red");
  bob.socket.send("to general");
  await carol.next("chat_message");
  await bob.next("chat_message");
  await alice.next("chat_message");
  const heard = [alice, bob, carol].map((client) => client.all("chat_message").map((m) => m.text));
  assertEquals(heard, [["to red"], ["to general"], ["to red"]]);
});

for (const room of ["", "~direct", "General", "a b", "a".repeat(33)]) {
  Deno.test(`PlainConnection is refused where no room can be: "${room}"`, async () => {
    await using server = await startServer();
    await using alice = Client.plain(server.ws, { username: "Alice", room });
    await assertClosed(alice, 1008);
    assertEquals(alice.events.map(({ type, code }) => [type, code]), [["error", "bad_name"]]);
  });
}

const NAMES: readonly [name: string, query: Record<string, string>][] = [
  ["no name", {}],
  ["an empty name", { username: "" }],
  ["a blank name", { username: "  " }],
  ["a name of 33 characters", { username: "a".repeat(33) }],
  ["a name with a control character", { username: "Al\u0007ice" }],
  ["a name that turns the direction of text", { username: "Al\u202Eice" }],
  ["a name with an invisible character", { username: "Al\u200Bice" }],
];

for (const [name, query] of NAMES) {
  Deno.test(`PlainConnection is refused with ${name}`, async () => {
    await using server = await startServer();
    await using alice = Client.plain(server.ws, query);
    await assertClosed(alice, 1008);
    assertEquals(alice.events, []);
  });
}

Deno.test("PlainConnection and Connection share rooms and see each other", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  await using bob = await Client.plainJoined(server.ws, { username: "Bob" });
  assertEquals(moves(bob), [["user_joined", "Bob", ["Alice", "Bob"]]]);
  const { username, count, user_id } = await alice.next("user_joined");
  assertEquals([username, count], ["Bob", 2]);

  bob.socket.send("from plain");
  const { seq, text } = await alice.next("chat_message");
  assertEquals([seq, text], [1, "from plain"]);
  const { id } = await alice.say("from v1");
  assertEquals((await bob.next("chat_message", (m) => m.id === id)).text, "from v1");
  assertEquals((await alice.join()).users.map(({ name }) => name), ["Alice", "Bob"]);

  // Each takes its name from the other.
  await using second = Client.plain(server.ws, { username: "alice" });
  await assertClosed(second, 1008);
  await using third = Client.v1(server.ws, { username: "bob" });
  await assertClosed(third, 4501);

  await bob.close();
  assertEquals((await alice.next("user_left")).user_id, user_id);
});

Deno.test("PlainConnection that closes while it comes in leaves nobody behind", async () => {
  await using server = await startServer();
  const rooms = Array.from({ length: 200 }, (_, i) => `room-${i}`);
  await Promise.all(rooms.map(async (room, i) => {
    const hasty = Client.plain(server.ws, { username: `Hasty ${i}`, room });
    hasty.socket.onopen = () => setTimeout(() => hasty.socket.close(1000), i / 10);
    await hasty.closed;
  }));
  await using alice = await Client.welcomed(server.ws, { username: "Alice" });
  for (const room of rooms.slice(0, 50)) await alice.joinAlone(room);
});
