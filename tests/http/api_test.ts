import { assert, assertEquals, assertMatch } from "@std/assert";
import { call, signIn } from "../helpers/api.ts";
import { assertClosed, Client } from "../helpers/client.ts";
import { startServer } from "../helpers/server.ts";

/** The cookie of a response, as the next request brings it. */
const cookieOf = (response: Response) => ({
  cookie: response.headers.get("set-cookie")!.split(";")[0]!,
});

Deno.test("api: a session is begun, told and ended", async () => {
  await using server = await startServer();
  assertEquals((await call(server, "GET /api/session")).json.user, null);

  const begun = await call(server, "POST /api/session", { body: { name: " Alice " } });
  const { user, token } = begun.json;
  assertEquals([begun.status, user.name], [200, "Alice"]);
  assertMatch(user.id, /^[a-z0-9]{12}$/);
  assertMatch(begun.response.headers.get("set-cookie")!, /HttpOnly.*SameSite=Lax|SameSite=Lax/);

  const headers = cookieOf(begun.response);
  for (const by of [{ headers }, { token }]) {
    assertEquals((await call(server, "GET /api/session", by)).json, { user });
  }
  const ended = await call(server, "DELETE /api/session", { headers });
  assertEquals([ended.status, ended.json], [204, undefined]);
  assertMatch(ended.response.headers.get("set-cookie")!, /^parley_session=;/);
  // The name is free for somebody else.
  const { json: another } = await call(server, "POST /api/session", { body: { name: "alice" } });
  assert(another.user.id !== user.id);
});

Deno.test("api: a session that is begun again under its name is the same person's", async () => {
  await using server = await startServer();
  const first = await call(server, "POST /api/session", { body: { name: "Alice" } });
  const headers = cookieOf(first.response);
  const again = await call(server, "POST /api/session", { body: { name: "ALICE" }, headers });
  assertEquals(again.json.user, { id: first.json.user.id, name: "ALICE" });
  const renamed = await call(server, "POST /api/session", { body: { name: "Bob" }, headers });
  assert(renamed.json.user.id !== first.json.user.id);
});

Deno.test("api: a stranger is told who is in a room, where anybody may come in with a name alone", async () => {
  await using server = await startServer();
  const here = async (query = "") => (await call(server, `GET /api/session${query}`)).json;
  assertEquals(await here(), { user: null, here: { names: [], count: 0 } });
  await using _alice = await Client.joined(server.ws, "Alice");
  await using _bob = await Client.joined(server.ws, "Bob");
  await using _carol = await Client.joined(server.ws, "Carol", "tea");
  assertEquals(await here(), { user: null, here: { names: ["Alice", "Bob"], count: 2 } });
  assertEquals(await here("?room=tea"), { user: null, here: { names: ["Carol"], count: 1 } });
  assertEquals(await here("?room=~direct"), { user: null });
  const token = await signIn(server, "Dora");
  const { json } = await call(server, "GET /api/session", { token });
  assertEquals(Object.keys(json), ["user"]);
});

Deno.test("api: a stranger is told of nobody where a token is needed", async () => {
  await using server = await startServer({ PARLEY_AUTH: "token", PARLEY_SECRET: "x".repeat(32) });
  assertEquals((await call(server, "GET /api/session")).json, { user: null });
});

const BAD_SESSIONS: readonly [name: string, status: number, code: string, body: unknown][] = [
  ["no body", 400, "bad_request", undefined],
  ["a body that is not JSON", 400, "bad_request", "name=Alice"],
  ["a body that is not an object", 400, "bad_request", [1]],
  ["no name", 400, "bad_request", {}],
  ["a name that is a number", 400, "bad_request", { name: 5 }],
  ["an empty name", 400, "bad_name", { name: "" }],
  ["a name of 33 characters", 400, "bad_name", { name: "x".repeat(33) }],
  ["a name that turns the direction of text", 400, "bad_name", { name: "a\u202Eb" }],
  ["a name that somebody holds", 409, "name_taken", { name: "BOB" }],
  ["a body of more than 1 MiB", 413, "too_long", { name: "x".repeat(1024 * 1024) }],
];

Deno.test("api: a session is not begun with what is no free name", async () => {
  await using server = await startServer();
  await using _bob = await Client.welcomed(server.ws, { username: "Bob" });
  for (const [name, status, code, body] of BAD_SESSIONS) {
    const refused = await call(server, "POST /api/session", { body });
    assertEquals(
      [refused.status, refused.json.status, refused.json.code],
      [status, status, code],
      name,
    );
    assertEquals(refused.response.headers.get("content-type"), "application/problem+json");
    assertEquals(refused.response.headers.get("set-cookie"), null);
  }
});

const SIGNED_IN: readonly string[] = [
  "GET /api/rooms",
  "GET /api/rooms/general/messages",
  "GET /api/rooms/general/messages/01HF7YAT000000000000000001",
  "GET /api/rooms/general/place?time=0",
  "GET /api/search?q=tea",
  "POST /api/rooms/general/messages",
];

for (const route of SIGNED_IN) {
  Deno.test(`api: ${route} needs an identity`, async () => {
    await using server = await startServer();
    for (const token of [undefined, "abc"]) {
      const { status, json, response } = await call(server, route, { token });
      assertEquals([status, json.code], [401, "unauthorized"]);
      assertEquals(response.headers.get("www-authenticate"), "Bearer");
    }
  });
}

Deno.test("api: the rooms are told with where they stand and how many are there", async () => {
  await using server = await startServer();
  const token = await signIn(server, "Ann");
  const rooms = async () => (await call(server, "GET /api/rooms", { token })).json.rooms;
  assertEquals(await rooms(), [{ room: "general", seq: 0, time: 0, count: 0 }]);
  await using alice = await Client.joined(server.ws, "Alice", "team");
  await alice.say("hello", "team");
  const { user_id, username, text, time } = await alice.next("chat_message");
  const newest = { user_id, username, text, time };
  assertEquals(await rooms(), [
    { room: "general", seq: 0, time: 0, count: 0 },
    { room: "team", seq: 1, time, count: 1, newest },
  ]);
});

Deno.test("api: a person's own rooms are told with what they have not read", async () => {
  await using server = await startServer();
  const token = await signIn(server, "Ann");
  const ann = await Client.welcomed(server.ws, { token });
  for (const room of ["general", "tea"]) await ann.join(room);
  await ann.close();
  await using bob = await Client.joined(server.ws, "Bob");
  await bob.join("cake");
  for (const text of ["1", "2 @ann"]) await bob.say(text);
  await bob.say("3", "cake");
  const { json } = await call(server, "GET /api/rooms", { token });
  type Room = { room: string; seq: number; unread?: number; mentions?: number };
  assertEquals(
    json.rooms.map(({ room, seq, unread, mentions }: Room) => [room, seq, unread, mentions]),
    [["cake", 1, undefined, undefined], ["general", 2, 2, 1]],
    "the room with neither messages nor people is not listed",
  );
});

Deno.test("api: a message that is posted is told in its room, and stored once for its nonce", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  const token = await signIn(server, "Bot");
  const { id: asked } = await alice.say("build it");
  const body = { text: "built 🎉", nonce: "build-7", reply_to: asked };
  const { status, json } = await call(server, "POST /api/rooms/general/messages", { token, body });
  const told = await alice.next("chat_message", ({ username }) => username === "Bot");
  assertEquals([status, json], [201, { id: told.id, seq: 2 }]);
  assertEquals([told.text, told.reply_to], ["built 🎉", asked]);

  const again = await call(server, "POST /api/rooms/general/messages", { token, body });
  assertEquals([again.status, again.json], [201, json]);
  await alice.settle();
  assertEquals(alice.all("chat_message").length, 2);
});

const BAD_MESSAGES: readonly [
  name: string,
  status: number,
  code: string,
  room: string,
  body: unknown,
][] = [
  ["no body", 400, "bad_request", "general", undefined],
  ["a body that is not JSON", 400, "bad_request", "general", "hello"],
  ["no text", 400, "bad_request", "general", {}],
  ["a text that is none", 400, "bad_request", "general", { text: 5 }],
  ["a blank text", 400, "bad_request", "general", { text: " " }],
  ["an empty nonce", 400, "bad_request", "general", { text: "x", nonce: "" }],
  ["a nonce of 65 characters", 400, "bad_request", "general", { text: "x", nonce: "n".repeat(65) }],
  ["a text of 2,001 characters", 413, "too_long", "general", { text: "x".repeat(2001) }],
  ["a body of more than 1 MiB", 413, "too_long", "general", { text: "x".repeat(1024 * 1024) }],
  ["a room of the server's own", 400, "bad_name", "~direct", { text: "x" }],
  ["a room that can be none", 400, "bad_name", "Not%20a%20room", { text: "x" }],
];

Deno.test("api: what is no message is not posted", async () => {
  await using server = await startServer();
  const token = await signIn(server, "Bot");
  for (const [name, status, code, room, body] of BAD_MESSAGES) {
    const refused = await call(server, `POST /api/rooms/${room}/messages`, { token, body });
    assertEquals([refused.status, refused.json.code], [status, code], name);
  }
  assertEquals((await call(server, "GET /api/rooms/general/messages", { token })).json, {
    messages: [],
  });
});

Deno.test("api: nobody posts under a name that somebody else holds by now", async () => {
  await using server = await startServer();
  const guest = await Client.welcomed(server.ws, { username: "Alice" });
  await guest.close();
  await using _alice = await Client.welcomed(server.ws, { username: "Alice" });
  const { status, json } = await call(server, "POST /api/rooms/general/messages", {
    token: guest.me.token,
    body: { text: "it is me" },
  });
  assertEquals([status, json.code], [409, "name_taken"]);
});

const PAGES: readonly [query: string, texts: string[]][] = [
  ["", ["1", "2", "3", "4", "5"]],
  ["?limit=2", ["4", "5"]],
  ["?before=4", ["1", "2", "3"]],
  ["?before=4&limit=2", ["2", "3"]],
  ["?after=3", ["4", "5"]],
  ["?after=1&limit=2", ["2", "3"]],
  ["?after=1&before=5", ["2", "3", "4"]],
  ["?before=1", []],
  ["?before=0", []],
  ["?after=5", []],
  ["?after=1000000", []],
];

Deno.test("api: messages are read page by page, oldest first", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  for (const text of ["1", "2", "3", "4", "5"]) await alice.say(text);
  const { token } = alice.me;
  for (const [query, texts] of PAGES) {
    const page = await call(server, `GET /api/rooms/general/messages${query}`, { token });
    assertEquals(page.json.messages.map(({ text }: { text: string }) => text), texts, query);
  }
  assertEquals((await call(server, "GET /api/rooms/quiet/messages", { token })).json, {
    messages: [],
  });
});

Deno.test("api: a page holds what a join tells, as its reader sees it", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  const [{ id }, deleted, reacted] = [
    await alice.say("helo"),
    await alice.say("oops"),
    await alice.say("hm"),
  ];
  alice.send([
    { type: "edit", room: "general", id, text: "hello" },
    { type: "react", room: "general", id, emoji: "👍", on: true },
    { type: "delete", room: "general", id: deleted.id },
    { type: "react", room: "general", id: reacted.id, emoji: "👍", on: true },
    { type: "react", room: "general", id: reacted.id, emoji: "👍", on: false },
  ]);
  await alice.until(() => alice.all("ack").length === 8);
  const { messages } = await alice.join();
  const { token } = alice.me;
  const page = await call(server, "GET /api/rooms/general/messages", { token });
  assertEquals(page.json.messages, messages);
  const reader = await signIn(server, "Reader");
  const other = await call(server, "GET /api/rooms/general/messages", { token: reader });
  assertEquals(other.json.messages[0].reactions, { "👍": { count: 1, mine: false } });
});

const BAD_PAGES: readonly string[] = [
  "?limit=0",
  "?limit=101",
  "?limit=-1",
  "?limit=1.5",
  "?limit=ten",
  "?limit=",
  "?before=-1",
  "?before=x",
  "?after=1e3",
  "?after=99999999999999999999",
];

Deno.test("api: what bounds no page is refused", async () => {
  await using server = await startServer();
  const token = await signIn(server, "Ann");
  for (const query of BAD_PAGES) {
    const page = await call(server, `GET /api/rooms/general/messages${query}`, { token });
    assertEquals([page.status, page.json.code], [400, "bad_request"], query);
  }
  const page = await call(server, "GET /api/rooms/~direct/messages", { token });
  assertEquals([page.status, page.json.code], [400, "bad_name"]);
});

const ORIGINS: readonly [origin: string, status: number][] = [
  ["https://foreign.test", 403],
  ["null", 403],
  ["https://named.test", 200],
];

for (const [origin, status] of ORIGINS) {
  Deno.test(`api: a page of the origin ${origin} is answered with ${status}`, async () => {
    await using server = await startServer({ PARLEY_ORIGINS: "https://named.test" });
    const answer = await call(server, "POST /api/session", {
      body: { name: "Alice" },
      headers: { origin },
    });
    assertEquals(answer.status, status);
    assertEquals(answer.response.headers.has("set-cookie"), status === 200);
  });
}

Deno.test("api: who signs out is closed, and only they", async () => {
  await using server = await startServer();
  const token = await signIn(server, "Alice");
  await using alice = await Client.welcomed(server.ws, { token });
  await using bob = await Client.joined(server.ws, "Bob");
  await call(server, "DELETE /api/session", { token });
  await assertClosed(alice, 4500);
  await bob.say("still here");
});
