import { assert, assertEquals, assertMatch } from "@std/assert";
import { createApp } from "../lib/app.ts";
import { assertClosed, Client } from "./helpers/client.ts";
import { startServer, testConfig } from "./helpers/server.ts";

Deno.test("app: it says that it lives and is ready, and what it counts", async () => {
  await using server = await startServer();
  const get = (path: string) => fetch(server.url + path);
  assertEquals(await (await get("/healthz")).json(), { status: "ok" });
  assertEquals(await (await get("/readyz")).json(), { status: "ready" });
  const metrics = await get("/metrics");
  assertMatch(metrics.headers.get("content-type")!, /^text\/plain/);
  assertMatch(await metrics.text(), /^# HELP /m);
});

const PROBLEMS: readonly [route: string, status: number, code: string, allow: string | null][] = [
  ["GET /nothing", 404, "not_found", null],
  ["POST /nothing", 404, "not_found", null],
  ["GET /api/nothing", 404, "not_found", null],
  ["PUT /api/session", 405, "method_not_allowed", "GET, POST, DELETE, HEAD, OPTIONS"],
  ["DELETE /api/rooms", 405, "method_not_allowed", "GET, HEAD, OPTIONS"],
  ["POST /ws", 405, "method_not_allowed", "GET, HEAD, OPTIONS"],
  ["POST /healthz", 405, "method_not_allowed", "GET, HEAD, OPTIONS"],
];

Deno.test("app: what it cannot answer it answers with problem details", async () => {
  await using server = await startServer();
  for (const [route, status, code, allow] of PROBLEMS) {
    const [method, path] = route.split(" ");
    const response = await fetch(server.url + path, { method });
    const problem = await response.json();
    assertEquals([response.status, problem.status, problem.code], [status, status, code], route);
    assertEquals(response.headers.get("allow"), allow, route);
    assertEquals(response.headers.get("content-type"), "application/problem+json", route);
    assert(problem.title && problem.detail, route);
  }
});

Deno.test("app: every answer carries the headers that keep a page safe", async () => {
  await using server = await startServer();
  for (const path of ["/", "/healthz", "/nothing", "/api/session", "/ws"]) {
    const response = await fetch(server.url + path);
    await response.body?.cancel();
    assertEquals(response.headers.get("x-content-type-options"), "nosniff", path);
    assertMatch(response.headers.get("content-security-policy")!, /default-src 'none'/, path);
  }
});

Deno.test("app: it answers a request without a server, as one from this machine", async () => {
  const app = await createApp(testConfig());
  const response = await app.fetch(new Request("http://localhost/healthz"));
  assertEquals(await response.json(), { status: "ok" });
  await app.close();
});

Deno.test("app: when it closes, everyone is sent away with a time to come back", async () => {
  await using server = await startServer();
  const clients = await Promise.all(
    Array.from({ length: 5 }, (_, i) => Client.joined(server.ws, `Member ${i}`)),
  );
  const plain = await Client.plainJoined(server.ws, { username: "Plain" });
  const closing = server.app.close();
  const notReady = await server.app.fetch(new Request("http://localhost/readyz"));
  assertEquals([notReady.status, (await notReady.json()).code], [503, "unavailable"]);
  for (const client of [...clients, plain]) await assertClosed(client, 1001);
  await closing;
  const returns = clients.map((client) => client.all("bye")[0].reconnect_after_ms);
  assertEquals(returns.length, new Set(returns).size);
  assert(returns.every((ms) => ms >= 500 && ms < 1_000), `they come back after ${returns} ms`);
  // Nobody was told that the others left: they are expected back.
  assertEquals(clients.flatMap((client) => client.all("user_left")), []);
});

Deno.test("app: instances over one store are one chat", async () => {
  await using first = await startServer();
  await using second = await startServer();
  await using alice = await Client.joined(first.ws, "Alice");
  await using bob = await Client.joined(second.ws, "Bob");
  await alice.next("user_joined", ({ username }) => username === "Bob");
  await using plain = await Client.plainJoined(first.ws, { username: "Carol" });
  assertEquals(plain.events[0].active_users, ["Alice", "Bob", "Carol"]);
  await bob.next("user_joined", ({ username }) => username === "Carol");

  // A name is one name, and a room one room.
  await assertClosed(Client.v1(second.ws, { username: "ALICE" }), 4501);
  for (let i = 1; i <= 10; i++) await [alice, bob][i % 2]!.say(`text ${i}`);
  for (const client of [alice, bob]) {
    await client.until(() => client.all("chat_message").length === 10);
    assertEquals(client.all("chat_message").map(({ seq, text }) => `${seq} ${text}`), [
      ...Array.from({ length: 10 }, (_, i) => `${i + 1} text ${i + 1}`),
    ]);
  }
  alice.send({ type: "typing", room: "general", on: true });
  assertEquals((await bob.next("typing")).username, "Alice");

  // A token of one brings its person to the other, where they are one entry still.
  await using again = await Client.welcomed(second.ws, { token: alice.me.token });
  assertEquals((await again.join()).count, 3);
  await alice.close();
  await bob.settle();
  assertEquals(bob.all("user_left"), []);
  await again.close();
  assertEquals((await bob.next("user_left")).username, "Alice");
});

Deno.test("app: a plain client takes its place over from another instance", async () => {
  await using first = await startServer();
  await using second = await startServer();
  await using bob = await Client.joined(second.ws, "Bob");
  const query = { username: "Alice", client_id: "a" };
  await using older = await Client.plainJoined(first.ws, query);
  await bob.next("user_joined");
  await using newer = await Client.plainJoined(second.ws, query);
  await assertClosed(older, 4503);
  newer.socket.send("it is me");
  await bob.next("chat_message");
  assertEquals([bob.all("user_joined").length, bob.all("user_left").length], [1, 0]);
});

Deno.test("app: who was sent away by one instance comes back to another unseen", async () => {
  await using first = await startServer({ PARLEY_GRACE_S: "1" });
  await using second = await startServer({ PARLEY_GRACE_S: "1" });
  await using bob = await Client.joined(second.ws, "Bob");
  await using alice = await Client.joined(first.ws, "Alice");
  await bob.next("user_joined");
  await first.app.close();
  await using back = await Client.welcomed(second.ws, { token: alice.me.token });
  assertEquals((await back.join()).count, 2);
  await bob.settle();
  assertEquals([bob.all("user_joined").length, bob.all("user_left").length], [1, 0]);
});
