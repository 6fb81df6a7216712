import { assert, assertEquals } from "@std/assert";
import { createTokens, newUserId } from "../../lib/auth/tokens.ts";
import { assertClosed, Client, type ClientOptions } from "../helpers/client.ts";
import { startServer } from "../helpers/server.ts";

const SECRET = "a secret of the tests";
const tokens = createTokens(new TextEncoder().encode(SECRET));

const signed = (name: string, guest = false) => tokens.sign({ id: newUserId(), name }, { guest });

/** A token that ran out a day ago. */
const outdated = () => {
  const then = Date.now() - 31 * 24 * 60 * 60 * 1000;
  const user = { id: newUserId(), name: "Alice" };
  return createTokens(new TextEncoder().encode(SECRET), () => then).sign(user, { guest: false });
};

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const cookie = (token: string) => ({ cookie: `theme=dark; parley_session=${token}` });

/** The same as one request: everything that says who it is from. */
type Ways = { subprotocol?: string; header?: string; username?: string; cookie?: string };

function optionsOf({ subprotocol, header, username, ...rest }: Ways): ClientOptions {
  return {
    token: subprotocol,
    username,
    headers: {
      ...header !== undefined && bearer(header),
      ...rest.cookie !== undefined && cookie(rest.cookie),
    },
  };
}

for (const way of ["subprotocol", "header", "cookie"] as const) {
  Deno.test(`Identity: the token of a welcome brings the same person back by ${way}`, async () => {
    await using server = await startServer();
    await using alice = await Client.welcomed(server.ws, { username: "Alice" });
    const { user, token } = alice.me;
    await using again = await Client.welcomed(server.ws, optionsOf({ [way]: token }));
    assertEquals(again.me.user, user);
    await alice.close();
    await again.close();
    await using later = await Client.welcomed(server.ws, optionsOf({ [way]: again.me.token }));
    assertEquals(later.me.user, user);
  });
}

Deno.test("Identity: the first way counts of those that a request comes with", async () => {
  await using server = await startServer({ PARLEY_SECRET: SECRET });
  const ways: Ways = {
    subprotocol: await signed("by subprotocol"),
    header: await signed("by header"),
    username: "by username",
    cookie: await signed("by cookie"),
  };
  for (const way of ["subprotocol", "header", "username", "cookie"] as const) {
    await using client = await Client.welcomed(server.ws, optionsOf(ways));
    assertEquals(client.me.user.name, `by ${way}`);
    delete ways[way];
  }
});

const REFUSED: readonly [name: string, code: number, ways: () => Ways | Promise<Ways>][] = [
  ["nothing at all", 4500, () => ({})],
  ["a token that is none", 4500, () => ({ subprotocol: "abc" })],
  ["a token that is signed by another", 4500, async () => ({
    header: await createTokens(new TextEncoder().encode("another secret of the tests"))
      .sign({ id: newUserId(), name: "Alice" }, { guest: false }),
  })],
  ["a token that has run out", 4500, async () => ({ cookie: await outdated() })],
  ["a bad token before a good name", 4500, () => ({ header: "abc", username: "Alice" })],
  ["a name that is held", 4501, () => ({ username: "Bob" })],
  ["a name that differs from a held one in case", 4501, () => ({ username: "bOB" })],
  ["a token whose name somebody else holds", 4501, async () => ({ header: await signed("Bob") })],
  ["an empty name", 1008, () => ({ username: "" })],
  ["a name of 33 characters", 1008, () => ({ username: "x".repeat(33) })],
  ["a name with a control character", 1008, () => ({ username: "Al\nice" })],
  ["a name that turns the direction of text", 1008, () => ({ username: "Al\u202Eice" })],
  ["a name with an invisible character", 1008, () => ({ username: "Al\u200Dice" })],
];

for (const [name, code, ways] of REFUSED) {
  Deno.test(`Identity: a connection is refused that comes with ${name}`, async () => {
    await using server = await startServer({ PARLEY_SECRET: SECRET });
    await using bob = await Client.joined(server.ws, "Bob");
    await using refused = Client.v1(server.ws, optionsOf(await ways()));
    refused.socket.onopen = () => refused.send({ type: "join", room: "general" });
    await assertClosed(refused, code);
    await bob.settle();
    assertEquals([refused.events, bob.all("user_joined")], [[], []]);
  });
}

Deno.test("Identity: a plain connection may come with a token in place of a name", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  await using plain = Client.plain(server.ws, {}, bearer(alice.me.token));
  // It is one person more nowhere: Alice is there already.
  assertEquals((await plain.next("user_joined")).active_users, ["Alice"]);
  plain.socket.send("from another place");
  assertEquals((await alice.next("chat_message")).user_id, alice.me.user.id);
  assertEquals(alice.all("user_joined"), []);
  await assertClosed(Client.plain(server.ws, {}, bearer("abc")), 4500);
});

Deno.test("Identity: where a token is needed, no name is taken", async () => {
  await using server = await startServer({ PARLEY_AUTH: "token", PARLEY_SECRET: SECRET });
  await assertClosed(Client.v1(server.ws, { username: "Alice" }), 4500);
  await assertClosed(Client.plain(server.ws, { username: "Alice" }), 4500);
  const response = await fetch(`${server.url}/api/session`, {
    method: "POST",
    body: JSON.stringify({ name: "Alice" }),
  });
  assertEquals([response.status, (await response.json()).code], [403, "forbidden"]);

  const token = await signed("Alice");
  await using alice = await Client.welcomed(server.ws, { token, username: "Mallory" });
  assertEquals(alice.me.user.name, "Alice");
  await using plain = Client.plain(server.ws, { username: "Mallory" }, cookie(token));
  assertEquals((await plain.next("user_joined")).username, "Alice");
});

/** Signs in over HTTP, and answers the session cookie. */
async function signIn(url: string, name: string): Promise<string> {
  const body = JSON.stringify({ name });
  const response = await fetch(`${url}/api/session`, { method: "POST", body });
  assertEquals(response.status, 200);
  await response.body?.cancel();
  return response.headers.get("set-cookie")!.split(";")[0]!;
}

Deno.test("Identity: a name that was signed in with is kept, before and after a connection", async () => {
  await using server = await startServer();
  const headers = { cookie: await signIn(server.url, "Alice") };
  await assertClosed(Client.v1(server.ws, { username: "alice" }), 4501);
  await assertClosed(Client.plain(server.ws, { username: "alice" }), 1008);
  await using alice = await Client.welcomed(server.ws, { headers });
  assertEquals(alice.me.user.name, "Alice");
  await alice.close();
  await assertClosed(Client.v1(server.ws, { username: "alice" }), 4501);
  await using back = await Client.welcomed(server.ws, { headers });
  assertEquals(back.me.user, alice.me.user);
});

Deno.test("Identity: who signs out frees the name, and is closed everywhere", async () => {
  await using server = await startServer();
  const headers = { cookie: await signIn(server.url, "Alice") };
  await using first = await Client.welcomed(server.ws, { headers });
  await using second = await Client.welcomed(server.ws, { headers });
  await first.join();
  const out = await fetch(`${server.url}/api/session`, { method: "DELETE", headers });
  assertEquals(out.status, 204);
  for (const client of [first, second]) await assertClosed(client, 4500);
  await using another = await Client.joined(server.ws, "Alice");
  assert(another.me.user.id !== first.me.user.id);
});

Deno.test("Identity: a guest's name is free again after they left", async () => {
  await using server = await startServer();
  await using bob = await Client.joined(server.ws, "Bob");
  await using guest = await Client.joined(server.ws, "Alice");
  await guest.close();
  await bob.next("user_left");
  await using another = await Client.welcomed(server.ws, { username: "alice" });
  assert(another.me.user.id !== guest.me.user.id);
  // The guest's token does not bring the name back while somebody else holds it.
  await assertClosed(Client.v1(server.ws, { token: guest.me.token }), 4501);
});
