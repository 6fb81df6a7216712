import { assert, assertEquals, assertMatch } from "@std/assert";
import manifest from "../../deno.json" with { type: "json" };
import { Client, type Received } from "../helpers/client.ts";
import { startServer } from "../helpers/server.ts";

const UNCOUNTED = { PARLEY_MESSAGES_PER_SECOND: "0" };

const names = (users: readonly Received[]) => users.map(({ name }) => name);
const texts = (messages: readonly Received[]) => messages.map(({ text }) => text);

Deno.test("Connection welcomes a user with a token and the limits", async () => {
  await using server = await startServer();
  await using alice = await Client.welcomed(server.ws, { username: " Alice " });
  const { user, token, instance, ...rest } = alice.me;
  assertEquals(user.name, "Alice");
  assertMatch(user.id, /^[a-z0-9]{12}$/);
  assertMatch(token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
  assertMatch(instance, /./);
  assertEquals(rest, {
    type: "welcome",
    version: manifest.version,
    limits: {
      message_chars: 2000,
      frame_bytes: 32_768,
      messages_per_second: 10,
      message_burst: 30,
      rooms: 50,
      history: 50,
    },
    search: true,
    rooms: [],
  });
});

Deno.test("Connection tells a limit that is off as null", async () => {
  await using server = await startServer({ ...UNCOUNTED, PARLEY_MAX_MESSAGE_CHARS: "0" });
  await using alice = await Client.welcomed(server.ws, { username: "Alice" });
  const { message_chars, messages_per_second, rooms } = alice.me.limits;
  assertEquals<unknown[]>([message_chars, messages_per_second, rooms], [null, null, 50]);
});

Deno.test("Connection answers a join with the room as it stands, and tells the others", async () => {
  await using server = await startServer();
  await using alice = await Client.welcomed(server.ws, { username: "Alice" });
  const empty = await alice.join("general", { ref: 7 });
  assertEquals(empty, {
    type: "joined",
    ref: 7,
    room: "general",
    epoch: empty.epoch,
    seq: 0,
    recovered: false,
    messages: [],
    count: 1,
    users: [alice.me.user],
  });
  const { id } = await alice.say("hello");

  await using bob = await Client.welcomed(server.ws, { username: "Bob" });
  const { seq, count, users, messages } = await bob.join();
  assertEquals([seq, count, users], [1, 2, [alice.me.user, bob.me.user]]);
  const { time, ...message } = messages[0]!;
  assertEquals(message, {
    room: "general",
    seq: 1,
    pos: 1,
    id,
    user_id: alice.me.user.id,
    username: "Alice",
    text: "hello",
  });
  assert(Math.abs(Date.now() - time) < 5_000, `sent at ${time}`);
  assertEquals(await alice.next("user_joined"), {
    type: "user_joined",
    room: "general",
    user_id: bob.me.user.id,
    username: "Bob",
    count: 2,
  });
  assertEquals(bob.all("user_joined"), []);
});

Deno.test("Connection acknowledges a message, then everyone gets it, the sender too", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  await using bob = await Client.joined(server.ws, "Bob");
  const first = await bob.say("first");
  await using _carol = await Client.joined(server.ws, "Carol");
  bob.send({ type: "send", room: "general", text: "hi 👋", ref: "r1", reply_to: first.id });
  const ack = await bob.next("ack");
  assertEquals(ack, { type: "ack", ref: "r1", id: ack.id, seq: 2 });
  const message = await bob.next("chat_message", ({ seq }) => seq === 2);
  assertEquals(message, {
    type: "chat_message",
    room: "general",
    seq: 2,
    id: ack.id,
    user_id: bob.me.user.id,
    username: "Bob",
    text: "hi 👋",
    time: message.time,
    reply_to: first.id,
  });
  assertEquals(await alice.next("chat_message", ({ seq }) => seq === 2), message);
});

const BURSTS: readonly [name: string, sends: number, chars: number][] = [
  ["one message that fills a frame alone", 1, 70_000],
  ["more messages than a frame holds", 600, 10],
];

for (const [name, sends, chars] of BURSTS) {
  Deno.test(`Connection acknowledges each message before it is told: ${name}`, async () => {
    await using server = await startServer({
      ...UNCOUNTED,
      PARLEY_MAX_MESSAGE_CHARS: "0",
      PARLEY_MAX_FRAME_BYTES: "0",
    });
    await using alice = await Client.joined(server.ws, "Alice");
    await using bob = await Client.joined(server.ws, "Bob");
    const text = "x".repeat(chars);
    alice.send(Array.from({ length: sends }, () => ({ type: "send", room: "general", text })));
    for (const client of [alice, bob]) {
      await client.until(() => client.all("chat_message").length === sends, "every message");
    }
    const order = (type: string) =>
      new Map(alice.events.flatMap((e, i) => e.type === type ? [[e.id, i] as const] : []));
    const acked = order("ack");
    const early = [...order("chat_message")].filter(([id, place]) => !(acked.get(id)! < place));
    assertEquals([acked.size, early.length], [sends, 0]);
    assertEquals(
      bob.all("chat_message").map(({ seq }) => seq),
      Array.from({ length: sends }, (_, i) => i + 1),
    );
  });
}

Deno.test("Connection stores a send once that is repeated with its nonce", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  await using bob = await Client.joined(server.ws, "Bob");
  const send = { type: "send", room: "general", text: "once", nonce: "n" };
  alice.send([{ ...send, ref: 1 }, { ...send, ref: 2 }, { ...send, text: "changed", ref: 3 }]);
  bob.send({ ...send, ref: 4 });
  await alice.until(() => alice.all("ack").length === 3);
  const { ref: _, ...first } = alice.all("ack")[0];
  assertEquals(alice.all("ack"), [1, 2, 3].map((ref) => ({ ...first, ref })));
  await bob.next("ack");
  await bob.settle();
  // What is Bob's own is another message, though its nonce is the same.
  assertEquals(bob.all("chat_message").map((m) => [m.username, m.text]).sort(), [
    ["Alice", "once"],
    ["Bob", "once"],
  ]);
});

Deno.test("Connection tells the others that somebody types, and stopped", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  await using bob = await Client.joined(server.ws, "Bob");
  for (const on of [true, false]) {
    alice.send({ type: "typing", room: "general", on });
    const user_id = alice.me.user.id;
    const typing = { type: "typing", room: "general", user_id, username: "Alice", on };
    assertEquals(await bob.next("typing"), typing);
  }
});

Deno.test("Connection answers a ping with its ref", async () => {
  await using server = await startServer();
  await using alice = await Client.welcomed(server.ws, { username: "Alice" });
  alice.send([{ type: "ping", ref: "a" }, { type: "ping", ref: 0.5 }, { type: "ping" }]);
  await alice.until(() => alice.all("pong").length === 3);
  assertEquals(alice.all("pong").map(({ ref }) => ref), ["a", 0.5, undefined]);
});

Deno.test("Connection that leaves a room hears no more of it, and the others hear at once", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  await using bob = await Client.joined(server.ws, "Bob");
  bob.send({ type: "leave", room: "general", ref: 1 });
  assertEquals(await bob.next("left"), { type: "left", ref: 1, room: "general" });
  assertEquals(await alice.next("user_left"), {
    type: "user_left",
    room: "general",
    user_id: bob.me.user.id,
    username: "Bob",
    count: 1,
  });
  await alice.say("are you there?");
  await bob.settle();
  assertEquals([bob.all("chat_message"), bob.all("user_left")], [[], []]);
  assertEquals(texts((await bob.join()).messages), ["are you there?"]);
});

const ERRORS: readonly [code: string, command: Record<string, unknown>][] = [
  ["unknown_type", { type: "dance" }],
  ["bad_request", { type: 5 }],
  ["bad_request", { type: "join" }],
  ["bad_request", { type: "join", room: 5 }],
  ["bad_request", { type: "join", room: "general", since: 5 }],
  ["bad_request", { type: "send", room: "general" }],
  ["bad_request", { type: "send", room: "general", text: " \n " }],
  ["bad_request", { type: "send", room: "general", text: "x", nonce: "x".repeat(65) }],
  ["too_long", { type: "send", room: "general", text: "x".repeat(2001) }],
  ["not_joined", { type: "send", room: "elsewhere", text: "x" }],
  ["not_joined", { type: "typing", room: "elsewhere", on: true }],
  ["not_joined", { type: "leave", room: "elsewhere" }],
  ["not_found", { type: "edit", room: "general", id: "none", text: "x" }],
  ["not_found", { type: "delete", room: "general", id: "none" }],
  ["not_found", { type: "react", room: "general", id: "none", emoji: "👍", on: true }],
  ["bad_name", { type: "join", room: "" }],
  ["bad_name", { type: "join", room: "~direct" }],
  ["bad_name", { type: "join", room: "Général" }],
  ["bad_name", { type: "join", room: "a".repeat(33) }],
];

Deno.test("Connection answers what cannot be done with an error that bears the ref", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  for (const [ref, [code, command]] of ERRORS.entries()) {
    alice.send({ ...command, ref });
    const error = await alice.next("error");
    assertEquals([error.ref, error.code], [ref, code], `${code} for ${JSON.stringify(command)}`);
    assertMatch(error.message, /\w/);
  }
  await alice.say("still here");
});

Deno.test("Connection does every command of a frame in order, whatever stands between", async () => {
  await using server = await startServer();
  await using alice = await Client.welcomed(server.ws, { username: "Alice" });
  alice.send([
    { type: "ping", ref: 1 },
    { type: "join", room: "general", ref: 2 },
    null,
    { type: "ping", ref: 3 },
    { type: "send", room: "general", text: "in time", ref: 4 },
    { type: "leave", room: "general", ref: 5 },
    { type: "send", room: "general", text: "too late", ref: 6 },
    { type: "join", room: "No room", ref: 7 },
    { type: "read", room: "No room", seq: 1, ref: 8 },
    { type: "leave", room: "general", ref: 9 },
    { type: "ping", ref: 10 },
  ]);
  await alice.next("pong", ({ ref }) => ref === 10);
  await alice.until(() => alice.all("ack").length > 0);
  const replies = alice.events.filter(({ type }) => type !== "ack" && type !== "welcome");
  assertEquals(replies.map(({ type, ref, code }) => [type, ref, code].filter(Boolean).join(" ")), [
    "pong 1",
    "joined 2",
    "error bad_request",
    "pong 3",
    "left 5",
    "error 6 not_joined",
    "error 7 bad_name",
    "error 8 bad_name",
    "error 9 not_joined",
    "pong 10",
  ]);
});

Deno.test("Connection does what was sent before its welcome after it, in order", async () => {
  await using server = await startServer();
  await using alice = Client.v1(server.ws, { username: "Alice" });
  alice.socket.onopen = () => {
    alice.socket.send("not JSON");
    alice.send({ type: "join", room: "general" });
    alice.send([{ type: "send", room: "general", text: "early" }, { type: "ping" }]);
  };
  await alice.next("pong");
  await alice.until(() => alice.all("chat_message").length === 1);
  assertEquals(alice.events.map(({ type }) => type).slice(0, 4), [
    "welcome",
    "error",
    "joined",
    "pong",
  ]);
});

Deno.test("Connection gives a room's newest messages, as many as the client wants", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  for (const text of ["1", "2", "3"]) await alice.say(text);
  const joined = async (more: Record<string, unknown>) =>
    texts((await alice.join("general", more)).messages);
  assertEquals(await joined({}), ["1", "2", "3"]);
  assertEquals(await joined({ limit: 2 }), ["2", "3"]);
  assertEquals(await joined({ limit: 0 }), []);
  assertEquals(await joined({ limit: 1_000_000 }), ["1", "2", "3"]);
});

Deno.test("Connection never lets messages, people or history cross from room to room", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice", "red");
  await alice.join("blue");
  await using bob = await Client.joined(server.ws, "Bob", "red");
  await using carol = await Client.joined(server.ws, "Carol", "blue");
  await bob.say("from Bob", "red");
  await carol.say("from Carol", "blue");
  alice.send([
    { type: "send", room: "red", text: "to red" },
    { type: "typing", room: "blue", on: true },
    { type: "send", room: "blue", text: "to blue" },
  ]);
  await alice.until(() => alice.all("chat_message").length === 4);
  await bob.next("chat_message", ({ text }) => text === "to red");
  await carol.next("chat_message", ({ text }) => text === "to blue");

  for (const [client, room, seen] of [[bob, "red", "Bob"], [carol, "blue", "Carol"]] as const) {
    assertEquals(texts(client.all("chat_message")), [`from ${seen}`, `to ${room}`]);
    const rooms = new Set(client.events.map((event) => event.room ?? room));
    assertEquals([...rooms], [room]);
    const joined = await client.join(room);
    assertEquals(texts(joined.messages), [`from ${seen}`, `to ${room}`]);
    assertEquals(names(joined.users).sort(), ["Alice", seen]);
  }
  // Each room numbers its own changes.
  assertEquals(alice.all("chat_message").map(({ room, seq }) => `${room} ${seq}`).sort(), [
    "blue 1",
    "blue 2",
    "red 1",
    "red 2",
  ]);
});

Deno.test("Connection joins its person with the first and takes them out with the last", async () => {
  await using server = await startServer();
  await using bob = await Client.joined(server.ws, "Bob");
  await using first = await Client.joined(server.ws, "Alice");
  await using second = await Client.welcomed(server.ws, { token: first.me.token });
  assertEquals(second.me.user, first.me.user);
  const { count, users } = await second.join();
  assertEquals([count, names(users)], [2, ["Bob", "Alice"]]);

  await bob.say("hello to both");
  for (const client of [first, second]) await client.next("chat_message");
  await first.close();
  await second.say("still here");
  await bob.settle();
  assertEquals([bob.all("user_joined").length, bob.all("user_left").length], [1, 0]);
  await second.close();
  assertEquals((await bob.next("user_left")).count, 1);
  assertEquals(bob.all("user_joined").length, 1);
});

Deno.test("Connection that joins a room again is told of it again, and nobody else", async () => {
  await using server = await startServer();
  await using bob = await Client.joined(server.ws, "Bob");
  await using alice = await Client.joined(server.ws, "Alice");
  assertEquals((await alice.join()).count, 2);
  await alice.say("once to each");
  await bob.next("chat_message");
  await alice.next("chat_message");
  await alice.settle();
  assertEquals([alice.all("chat_message").length, bob.all("user_joined").length], [1, 1]);
});

Deno.test("Connection that closes while it joins leaves nobody behind", async () => {
  await using server = await startServer();
  const rooms = Array.from({ length: 50 }, (_, i) => `room-${i}`);
  await Promise.all(rooms.map(async (_, i) => {
    const hasty = await Client.welcomed(server.ws, { username: `Hasty ${i}` });
    hasty.send(rooms.map((room) => ({ type: "join", room: `${room}-${i}` })));
    setTimeout(() => hasty.socket.close(1000), i / 2);
    await hasty.closed;
  }));
  await using alice = await Client.welcomed(server.ws, { username: "Alice" });
  for (const [i, room] of rooms.entries()) await alice.joinAlone(`${room}-${i}`);
});
