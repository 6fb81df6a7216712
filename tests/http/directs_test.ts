import { assert, assertEquals, assertMatch } from "@std/assert";
import { isDirectName } from "../../lib/model/names.ts";
import { call } from "../helpers/api.ts";
import { Client } from "../helpers/client.ts";
import { NOWHERE, openDirect, signInAll } from "../helpers/directs.ts";
import { startServer } from "../helpers/server.ts";

Deno.test("api: a direct room is made once for two people, whoever asks, by a name in any case", async () => {
  await using server = await startServer();
  const [alice, bob] = await signInAll(server, "Alice", "Bob");
  const asked = (token: string, name: string) =>
    call(server, "POST /api/direct", { token, body: { name } });
  const made = await asked(alice.token, " bOB ");
  assertEquals([made.status, made.json], [201, { room: made.json.room, with: bob.user }]);
  assert(isDirectName(made.json.room));
  for (
    const [token, name, other] of [[alice.token, "Bob", bob], [bob.token, "Alice", alice]] as const
  ) {
    const again = await asked(token, name);
    assertEquals([again.status, again.json], [200, { room: made.json.room, with: other.user }]);
  }
});

Deno.test("api: a direct room is made with somebody by their id, if they are in a room of the asker's or have one with them", async () => {
  await using server = await startServer();
  const [alice, bob] = await signInAll(server, "Alice", "Bob");
  const asked = () =>
    call(server, "POST /api/direct", { token: alice.token, body: { user_id: bob.user.id } });
  assertEquals([(await asked()).status, (await asked()).json.code], [404, "not_found"]);
  await using atPage = await Client.welcomed(server.ws, { token: alice.token });
  await atPage.join("tea");
  const there = await Client.welcomed(server.ws, { token: bob.token });
  await there.join("cake");
  assertEquals((await asked()).status, 404);
  await there.join("tea");
  await atPage.next("user_joined");
  const made = await asked();
  assertEquals([made.status, made.json.with], [201, bob.user]);
  await there.close();
  await atPage.next("user_left");
  assertEquals((await asked()).json, made.json);
});

const BAD_DIRECTS: readonly [name: string, status: number, code: string, body: unknown][] = [
  ["no body", 400, "bad_request", undefined],
  ["nobody", 400, "bad_request", {}],
  ["a name that is a number", 400, "bad_request", { name: 5 }],
  ["a name and an id", 400, "bad_request", { name: "Bob", user_id: "bob000000000" }],
  ["what is no name", 400, "bad_name", { name: "" }],
  ["a name that nobody holds", 404, "not_found", { name: "Nobody" }],
  ["an id that nobody has", 404, "not_found", { user_id: "nobody000000" }],
  ["oneself", 400, "bad_request", { name: "ALICE" }],
];

Deno.test("api: no direct room is made with what is nobody else", async () => {
  await using server = await startServer();
  const [alice] = await signInAll(server, "Alice");
  const { token } = alice;
  const own = { user_id: alice.user.id };
  for (
    const [name, status, code, body] of [...BAD_DIRECTS, ["one's id", 400, "bad_request", own]]
  ) {
    const refused = await call(server, "POST /api/direct", { token, body });
    assertEquals([refused.status, refused.json.code], [status, code], `${name}`);
  }
  assertEquals((await call(server, "GET /api/rooms", { token })).json.directs, []);
});

Deno.test("api: a direct room needs an identity, the name that it tells, and costs as much as a message", async () => {
  await using server = await startServer({
    PARLEY_MESSAGE_BURST: "3",
    PARLEY_MESSAGES_PER_SECOND: "1",
  });
  const body = { name: "Bob" };
  for (const token of [undefined, "abc"]) {
    assertEquals((await call(server, "POST /api/direct", { token, body })).status, 401);
  }
  const [alice] = await signInAll(server, "Alice", "Bob");
  const { token } = alice;
  const statuses = [];
  for (let i = 0; i < 4; i++) {
    statuses.push((await call(server, "POST /api/direct", { token, body })).status);
  }
  assertEquals(statuses, [201, 200, 200, 429]);

  const [, carol] = await signInAll(server, "Dora", "Carol");
  await call(server, "DELETE /api/session", { token: carol.token });
  await signInAll(server, "Carol");
  const late = await call(server, "POST /api/direct", { token: carol.token, body });
  assertEquals([late.status, late.json.code], [409, "name_taken"]);
});

Deno.test("api: a person's direct rooms are listed beside the rooms, the newest first, and to nobody else", async () => {
  await using server = await startServer();
  const [alice, bob, carol] = await signInAll(server, "Alice", "Bob", "Carol");
  const withBob = await openDirect(server, alice, "Bob");
  const withCarol = await openDirect(server, carol, "Alice");
  const say = (token: string, room: string, text: string) =>
    call(server, `POST /api/rooms/${room}/messages`, { token, body: { text } });
  const list = async (token: string) => (await call(server, "GET /api/rooms", { token })).json;
  const first = await say(carol.token, withCarol, "psst, @alice");
  assertEquals(first.status, 201);
  await say(bob.token, withBob, "hello");
  const { rooms, directs } = await list(alice.token);
  const told = directs.map((direct: { time: number; newest: { time: number } }) => {
    assert(direct.time === direct.newest.time && Date.now() - direct.time < 10_000);
    const { time: _, newest: { time: __, ...newest }, ...rest } = direct;
    return { ...rest, newest };
  });
  const line = ({ user: { id, name } }: typeof bob, text: string) => ({
    user_id: id,
    username: name,
    text,
  });
  const [hello, psst] = [
    {
      room: withBob,
      with: bob.user,
      seq: 1,
      unread: 1,
      mentions: 0,
      newest: line(bob, "hello"),
    },
    {
      room: withCarol,
      with: carol.user,
      seq: 1,
      unread: 1,
      mentions: 1,
      newest: line(carol, "psst, @alice"),
    },
  ];
  assertEquals(told, [hello, psst]);
  assertEquals(rooms.map(({ room }: { room: string }) => room), ["general"]);
  assertEquals((await list(carol.token)).directs[0].unread, 0);
  const [dora] = await signInAll(server, "Dora");
  assertEquals(await list(dora.token), { rooms, directs: [] });
  // One in which nothing was said is as new as it is itself.
  const withDora = await openDirect(server, alice, "Dora");
  const [newest] = (await list(alice.token)).directs;
  assertEquals(newest, {
    room: withDora,
    with: dora.user,
    seq: 0,
    time: 0,
    unread: 0,
    mentions: 0,
  });
});

Deno.test("api: rooms are listed with the first 140 characters of their newest message", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  await alice.say("x".repeat(200));
  const [{ newest }] = (await call(server, "GET /api/rooms", { token: alice.me.token })).json.rooms;
  assertEquals([newest.username, newest.text], ["Alice", "x".repeat(140)]);
});

Deno.test("api: a third person is refused whatever they want of a direct room, as if it were not there", async () => {
  await using server = await startServer();
  const [alice, , mia] = await signInAll(server, "Alice", "Bob", "Mia");
  const room = await openDirect(server, alice, "Bob");
  const body = { text: "psst" };
  const said = await call(server, `POST /api/rooms/${room}/messages`, { token: alice.token, body });
  assertEquals(said.status, 201);
  const reactions = `messages/${said.json.id}/reactions`;
  for (const wanted of ["GET messages", "POST messages", `GET ${reactions}`]) {
    const route = wanted.replace(" ", " /api/rooms/{room}/");
    const [there, nowhere] = await Promise.all([room, NOWHERE].map(async (name) => {
      const own = route.startsWith("POST") ? { body } : {};
      const refused = await call(server, route.replace("{room}", name), {
        token: mia.token,
        ...own,
      });
      const text = JSON.stringify(refused.json).replace(name, "…");
      return [refused.status, refused.json.code, text];
    }));
    assertEquals([there, there?.slice(0, 2)], [nowhere, [403, "forbidden"]], route);
  }
  const page = await call(server, `GET /api/rooms/${room}/messages`, { token: alice.token });
  assertEquals(page.json.messages.map(({ text }: { text: string }) => text), ["psst"]);
  const own = await call(server, `GET /api/rooms/${room}/${reactions}`, { token: alice.token });
  assertEquals([own.status, own.json], [200, { seq: 1, reactions: {} }]);
});

Deno.test("api: nobody is told who is in a direct room, and no figure names it", async () => {
  await using server = await startServer();
  const [alice] = await signInAll(server, "Alice", "Bob");
  const room = await openDirect(server, alice, "Bob");
  await using client = await Client.welcomed(server.ws, { token: alice.token });
  await client.join(room);
  await client.say("psst", room);
  for (const name of [room, NOWHERE]) {
    assertEquals((await call(server, `GET /api/session?room=${name}`)).json, { user: null });
  }
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  assertMatch(metrics, /parley/);
  assert(!metrics.includes("~"), metrics);
});
