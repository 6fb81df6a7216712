import { assert, assertEquals, assertMatch } from "@std/assert";
import { createTokens, newUserId } from "../../lib/auth/tokens.ts";
import { call } from "../helpers/api.ts";
import { assertClosed, Client } from "../helpers/client.ts";
import { NOWHERE, openDirect, type SignedIn, signInAll } from "../helpers/directs.ts";
import { startServer, type TestServer } from "../helpers/server.ts";

const connect = ({ ws }: TestServer, { token }: SignedIn) => Client.welcomed(ws, { token });

for (const instances of [1, 2]) {
  Deno.test(`Connection hears within a second of the first message of a direct room that somebody made with its person, with ${instances} instances`, async () => {
    await using first = await startServer();
    await using other = await startServer();
    const at = instances === 1 ? first : other;
    const [alice, bob] = await signInAll(first, "Alice", "Bob");
    await using bobs = await connect(at, bob);
    await using second = await connect(first, bob);
    await using alices = await connect(first, alice);
    const room = await openDirect(first, alice, "Bob");
    const joined = await alices.join(room);
    assertEquals(joined.with, bob.user);
    const saidAt = Date.now();
    await alices.say("psst, @bob", room);
    for (const client of [bobs, second]) {
      const { newest, ...changed } = await client.next("room_changed");
      assert(Date.now() - saidAt < 1_000, `it took ${Date.now() - saidAt} ms`);
      assertEquals(changed, {
        type: "room_changed",
        room,
        with: alice.user,
        unread: 1,
        mentions: 1,
      });
      assertEquals([newest.user_id, newest.text], [alice.user.id, "psst, @bob"]);
    }
    const page = await bobs.join(room);
    assertEquals([page.with, page.messages.map(({ text }) => text)], [alice.user, ["psst, @bob"]]);
    await bobs.say("what?", room);
    assertEquals((await alices.next("chat_message", ({ text }) => text === "what?")).room, room);
  });
}

Deno.test("Connection hears of a direct room that another connection at its instance watches already", async () => {
  await using server = await startServer();
  const [alice, bob] = await signInAll(server, "Alice", "Bob");
  await using bobs = await connect(server, bob);
  await using _phone = await connect(server, alice);
  await using alices = await connect(server, alice);
  const room = await openDirect(server, alice, "Bob");
  await alices.join(room);
  await alices.say("psst", room);
  assertEquals((await bobs.next("room_changed")).room, room);
});

Deno.test("Connection hears of a direct room again that its person has left, and is welcomed with it", async () => {
  await using server = await startServer();
  const [alice, bob] = await signInAll(server, "Alice", "Bob");
  const room = await openDirect(server, alice, "Bob");
  await using alices = await connect(server, alice);
  await alices.join(room);
  const bobs = await connect(server, bob);
  assertEquals(bobs.me.rooms, [{ room, with: alice.user, read: 0, unread: 0, mentions: 0 }]);
  await bobs.join(room);
  bobs.send({ type: "leave", room });
  await bobs.next("left");
  await alices.say("come back", room);
  const changed = await bobs.next("room_changed");
  assertEquals([changed.room, changed.with, changed.unread], [room, alice.user, 1]);
  await bobs.close();
  await using again = await connect(server, bob);
  const [view] = again.me.rooms;
  assertEquals([again.me.rooms.length, view?.with, view?.unread], [1, alice.user, 1]);
  assertEquals(view?.newest?.text, "come back");
});

Deno.test("Connection keeps how far its person has read in a direct room, joined or not", async () => {
  await using server = await startServer();
  const [alice, bob] = await signInAll(server, "Alice", "Bob");
  const room = await openDirect(server, alice, "Bob");
  await using alices = await connect(server, alice);
  await alices.join(room);
  await alices.say("1", room);
  await using bobs = await connect(server, bob);
  await using phone = await connect(server, bob);
  bobs.send({ type: "read", room, seq: 1 });
  assertEquals(await phone.next("read"), { type: "read", room, seq: 1 });
  await bobs.settle();
  assertEquals(bobs.all("error"), []);
});

Deno.test("Connection refuses a third person whatever they want of a direct room, as if it were not there", async () => {
  await using server = await startServer();
  const [alice, , mia] = await signInAll(server, "Alice", "Bob", "Mia");
  const room = await openDirect(server, alice, "Bob");
  await using alices = await connect(server, alice);
  await alices.join(room);
  const { id } = await alices.say("psst", room);
  await using mias = await connect(server, mia);
  const commands: Readonly<Record<string, unknown>>[] = [
    { type: "join" },
    { type: "join", since: { epoch: "e", seq: 0 } },
    { type: "leave" },
    { type: "send", text: "hello" },
    { type: "send", text: "hello", reply_to: id },
    { type: "edit", id, text: "changed" },
    { type: "delete", id },
    { type: "react", id, emoji: "👍", on: true },
    { type: "typing", on: true },
    { type: "read", seq: 1 },
  ];
  const before = alices.events.length;
  for (const command of commands) {
    const answers = [];
    for (const name of [room, NOWHERE]) {
      mias.send({ ...command, room: name, ref: name });
      const error = await mias.next("error", ({ ref }) => ref === name);
      answers.push([error.code, error.message.replace(name, "…")]);
    }
    assertEquals(answers[0], answers[1], JSON.stringify(command));
    assertMatch(answers[0]![0], /^(forbidden|not_joined)$/);
  }
  for (const type of ["join", "read"]) {
    mias.send({ type, room, seq: 1, ref: type });
    assertEquals((await mias.next("error")).code, "forbidden", type);
  }
  await Promise.all([mias.settle(), alices.settle()]);
  const passed = alices.events.slice(before).map(({ type }) => type);
  assertEquals(passed.filter((type) => type !== "pong"), []);
  assertEquals(mias.events.filter((event) => JSON.stringify(event).includes("psst")), []);
  // A message of that room is none of a room that she is in.
  await mias.join();
  for (const type of ["edit", "delete", "react"]) {
    mias.send({ type, room: "general", id, text: "x", emoji: "👍", on: true, ref: type });
    assertEquals((await mias.next("error")).code, "not_found", type);
  }
});

Deno.test("Connection lets no moderator into the direct room of others", async () => {
  const secret = "a secret that both ends know";
  const tokens = createTokens(new TextEncoder().encode(secret));
  await using server = await startServer({ PARLEY_SECRET: secret });
  const [alice] = await signInAll(server, "Alice", "Bob");
  const room = await openDirect(server, alice, "Bob");
  const user = { id: newUserId(), name: "Mia" };
  const token = await tokens.sign(user, { guest: false, moderator: true });
  await using mods = await Client.welcomed(server.ws, { token });
  assertEquals(mods.me.moderator, true);
  mods.send({ type: "join", room });
  assertEquals((await mods.next("error")).code, "forbidden");
  const { status } = await call(server, `GET /api/rooms/${room}/messages`, { token });
  assertEquals(status, 403);
});

Deno.test("Connection refuses a room of the server's own that is no direct room", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  for (const type of ["join", "read"]) {
    alice.send({ type, room: "~alice", seq: 0 });
    assertEquals((await alice.next("error")).code, "bad_name");
  }
});

Deno.test("PlainConnection lets the two of a direct room in, and closes with 1008 for others", async () => {
  await using server = await startServer();
  const [alice, bob, mia] = await signInAll(server, "Alice", "Bob", "Mia");
  const room = await openDirect(server, alice, "Bob");
  const open = (person: SignedIn, name: string) =>
    Client.plain(server.ws, { room: name, history: "9" }, {
      authorization: `Bearer ${person.token}`,
    });
  await using alices = open(alice, room);
  await alices.next("user_joined");
  alices.socket.send("psst");
  await alices.next("chat_message");
  await using bobs = open(bob, room);
  assertEquals((await bobs.next("chat_message")).text, "psst");

  const refused = [open(mia, room), open(mia, NOWHERE), open(mia, "~alice")];
  for (const client of refused) await assertClosed(client, 1008);
  const [there, nowhere, none] = refused.map(({ events }) => events);
  assertEquals(there!.map(({ code }) => code), ["forbidden"]);
  assertEquals(
    JSON.stringify(there).replace(room, "…"),
    JSON.stringify(nowhere).replace(NOWHERE, "…"),
  );
  assertEquals(none!.map(({ code }) => code), ["bad_name"]);
  await using named = Client.plain(server.ws, { username: "Alicia", client_id: "a", room });
  await assertClosed(named, 1008);
  await alices.next("user_joined");
  assertEquals(alices.all("user_joined").map(({ username }) => username), ["Alice", "Bob"]);
});

Deno.test("PlainConnection lets somebody with a name alone back into their direct room by their client_id", async () => {
  await using server = await startServer();
  const [alice] = await signInAll(server, "Alice");
  const query = { username: "Bob", client_id: "b" };
  const before = await Client.plainJoined(server.ws, query);
  const room = await openDirect(server, alice, "bob");
  await before.close();
  await using back = await Client.plainJoined(server.ws, { ...query, room });
  back.socket.send("hello");
  assertEquals((await back.next("chat_message")).text, "hello");
  await back.close();
  await using rival = Client.plain(server.ws, { ...query, client_id: "c", room });
  await assertClosed(rival, 1008);
});
