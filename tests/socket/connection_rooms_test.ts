import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { backUp, CAN_COPY, restore } from "../../lib/store/sqlite_copy.ts";
import { assertClosed, Client } from "../helpers/client.ts";
import { TemporaryFolder } from "../helpers/process.ts";
import { startServer, type TestServer } from "../helpers/server.ts";

/** A second connection of somebody, as from another device. */
const another = (ws: string, { me }: Client & { me: { token: string } }) =>
  Client.welcomed(ws, { token: me.token });

/** Somebody whose name, and whose rooms, are kept when they go. */
async function signedIn({ url, ws }: TestServer, name: string) {
  const body = JSON.stringify({ name });
  const response = await fetch(`${url}/api/session`, { method: "POST", body });
  return await Client.welcomed(ws, { token: (await response.json()).token });
}

const inShort = (changed: { room: string; unread: number; mentions: number }) =>
  `${changed.room} ${changed.unread}/${changed.mentions}`;

/** Waits a little longer than news of one room are held back. */
const untilNewsAreDue = () => new Promise((resolve) => setTimeout(resolve, 1_200));

/** The newest message of a room that a client heard, as lists of rooms show it. */
function newestOf(client: Client, of: string) {
  const last = client.all("chat_message").findLast(({ room }) => room === of);
  const { user_id, username, text, time } = last;
  return { user_id, username, text, time };
}

Deno.test("Connection hears how far its person has read on another device, and the reader does not", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  await using phone = await another(server.ws, alice);
  await using bob = await Client.joined(server.ws, "Bob");
  for (const text of ["1", "2"]) await bob.say(text);
  alice.send([{ type: "read", room: "general", seq: 1 }, {
    type: "read",
    room: "general",
    seq: 2,
  }]);
  const told = { type: "read", room: "general", seq: 1 };
  assertEquals(await phone.next("read"), told);
  assertEquals(await phone.next("read"), { ...told, seq: 2 });
  await Promise.all([alice.settle(), bob.settle()]);
  assertEquals([alice.all("read"), bob.all("read"), alice.all("error")], [[], [], []]);
});

Deno.test("Connection hears how far its person has read at another instance", async () => {
  await using first = await startServer();
  await using second = await startServer();
  await using alice = await Client.joined(first.ws, "Alice");
  await using phone = await another(second.ws, alice);
  const { seq } = await alice.say("hello");
  alice.send({ type: "read", room: "general", seq });
  assertEquals(await phone.next("read"), { type: "read", room: "general", seq });
});

Deno.test("Connection refuses a mark that is none, and answers no other", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  const bad: [code: string, command: Record<string, unknown>][] = [
    ["bad_request", { room: "general" }],
    ["bad_request", { room: "general", seq: -1 }],
    ["bad_request", { room: "general", seq: 0.5 }],
    ["bad_request", { room: "general", seq: "1" }],
    ["bad_name", { room: "~direct", seq: 1 }],
  ];
  for (const [ref, [code, command]] of bad.entries()) {
    alice.send({ type: "read", ...command, ref });
    const error = await alice.next("error");
    assertEquals([error.ref, error.code], [ref, code]);
  }
  const before = alice.events.length;
  alice.send({ type: "read", room: "elsewhere", seq: 5 });
  await alice.settle();
  assertEquals(alice.events.slice(before).map(({ type }) => type), ["pong"]);
});

Deno.test("Connection is welcomed with its rooms, what was read and what was not", async () => {
  await using server = await startServer();
  const alice = await signedIn(server, "Alice");
  for (const room of ["general", "tea", "cake"]) await alice.join(room);
  await using bob = await Client.joined(server.ws, "Bob");
  await bob.join("tea");
  for (const text of ["1", "2", "@alice 3"]) await bob.say(text);
  await alice.until(() => alice.all("chat_message").length === 3);
  alice.send({ type: "read", room: "general", seq: 1 });
  alice.send({ type: "leave", room: "cake" });
  await alice.next("left");
  await untilNewsAreDue();
  await alice.close();
  await bob.say("4");
  await bob.say("@ALICE?", "tea");

  await using back = await Client.welcomed(server.ws, { token: alice.me.token });
  const [general, tea] = ["general", "tea"].map((room) => newestOf(bob, room));
  assertEquals(back.me.rooms, [
    { room: "general", read: 1, unread: 3, mentions: 1, newest: general },
    { room: "tea", read: 0, unread: 1, mentions: 1, newest: tea },
  ]);
  // What is joined again is not read by that.
  await back.join();
  await using again = await another(server.ws, alice);
  assertEquals(again.me.rooms, back.me.rooms);
});

Deno.test("Connection keeps a room that another device of its person is in when it leaves it", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  await using phone = await another(server.ws, alice);
  await phone.join();
  const rooms = async () => {
    await using third = await another(server.ws, alice);
    return third.me.rooms.map(({ room }) => room);
  };
  phone.send({ type: "leave", room: "general" });
  await phone.next("left");
  assertEquals(await rooms(), ["general"]);
  alice.send({ type: "leave", room: "general" });
  await alice.next("left");
  assertEquals(await rooms(), []);
  await alice.join();
  assertEquals(await rooms(), ["general"]);
});

for (const instances of [1, 2]) {
  Deno.test(`Connection hears of what is new in rooms it has not joined, with ${instances} instances`, async () => {
    await using first = await startServer();
    await using other = await startServer();
    const ws = instances === 1 ? first.ws : other.ws;
    const before = await signedIn(first, "Alice");
    for (const room of ["general", "tea"]) await before.join(room);
    await before.close();
    await using alice = await another(first.ws, before);
    await alice.join("general");
    await using bob = await Client.joined(ws, "Bob", "tea");
    await bob.join("general");
    await bob.say("not told: it is joined", "general");
    await bob.say("1", "tea");
    assertEquals(await alice.next("room_changed"), {
      type: "room_changed",
      room: "tea",
      unread: 1,
      mentions: 0,
      newest: newestOf(bob, "tea"),
    });
    for (const text of ["2", "3 @Alice", "4"]) await bob.say(text, "tea");
    await alice.settle();
    assertEquals(alice.all("room_changed").length, 1);
    assertEquals(inShort(await alice.next("room_changed")), "tea 4/1");
    await untilNewsAreDue();
    await alice.settle();
    assertEquals(alice.all("room_changed").map(inShort), ["tea 1/0", "tea 4/1"]);

    // With the join the messages themselves come, and no news.
    await alice.join("tea");
    await bob.say("5", "tea");
    await alice.next("chat_message", ({ text }) => text === "5");
    await untilNewsAreDue();
    await alice.settle();
    assertEquals([alice.all("room_changed").length, bob.all("room_changed")], [2, []]);
  });
}

Deno.test("Connection hears of a room that another device of its person has joined since", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  await using phone = await another(server.ws, alice);
  await using bob = await Client.joined(server.ws, "Bob", "tea");
  await bob.say("before", "tea");
  await alice.join("tea");
  await bob.say("since", "tea");
  assertEquals(inShort(await phone.next("room_changed")), "tea 1/0");

  // And of none that the person has left since.
  alice.send({ type: "leave", room: "tea" });
  await alice.next("left");
  await untilNewsAreDue();
  await bob.say("too late", "tea");
  await untilNewsAreDue();
  await phone.settle();
  assertEquals(phone.all("room_changed").length, 1);
});

Deno.test("Connection hears nothing of rooms that are not its person's", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  await using bob = await Client.joined(server.ws, "Bob", "tea");
  await bob.say("hello @Alice", "tea");
  await untilNewsAreDue();
  await alice.settle();
  assertEquals(alice.all("room_changed"), []);
});

const withCopies = CAN_COPY ? Deno.test : Deno.test.ignore;

withCopies(
  "Connection is closed with 1012 when the log was replaced, and comes back to another epoch",
  async () => {
    using folder = new TemporaryFolder();
    const [path, file] = [`${folder.path}/parley.db`, `${folder.path}/copy.db`];
    await using server = await startServer(folder.store);
    const alice = await Client.welcomed(server.ws, { username: "Alice" });
    const plain = await Client.plainJoined(server.ws, { username: "Carol" });
    const { epoch } = await alice.join();
    await alice.say("old");
    await backUp(path, file);
    for (const text of ["new", "newer"]) await alice.say(text);
    await restore(file, path);
    await Promise.all([alice, plain].map((client) => assertClosedLate(client, 1012)));

    await using back = await another(server.ws, alice);
    assertEquals(back.me.user, alice.me.user);
    const joined = await back.join("general", { since: { epoch, seq: 3 } });
    assertNotEquals(joined.epoch, epoch);
    assertEquals([joined.recovered, joined.seq], [false, 1]);
    assertEquals(joined.messages.map(({ text }) => text), ["old"]);
    assertEquals((await back.say("and on")).seq, 2);
    assert(joined.users.some(({ name }) => name === "Alice"));
  },
);

/** Waits for a close up to the next beat, which comes 5 s after the last. */
async function assertClosedLate(client: Client, code: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await assertClosed(client, code);
}
