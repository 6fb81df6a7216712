import { assert, assertEquals } from "@std/assert";
import { assertClosed, Client } from "../helpers/client.ts";
import { OPCODE, RawSocket } from "../helpers/raw_socket.ts";
import { startServer } from "../helpers/server.ts";

const KIB = 1024;
const MIB = KIB * KIB;

const send = (text: string, ref?: number) => ({ type: "send", room: "general", text, ref });
const sends = (count: number) => Array.from({ length: count }, (_, i) => send(`text ${i}`, i));

/** Says something over HTTP. */
function post(url: string, token: string, text: string): Promise<Response> {
  return fetch(`${url}/api/rooms/general/messages`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ text }),
  });
}

Deno.test("Limits: a message has at most so many characters, however many bytes they take", async () => {
  await using server = await startServer({ PARLEY_MAX_MESSAGE_CHARS: "10" });
  await using alice = await Client.joined(server.ws, "Alice");
  const { id } = await alice.say("👋".repeat(10));
  alice.send(send("👋".repeat(11)));
  assertEquals((await alice.next("error")).code, "too_long");
  alice.send({ type: "edit", room: "general", id, text: "x".repeat(11) });
  assertEquals((await alice.next("error")).code, "too_long");
  const response = await post(server.url, alice.me.token, "x".repeat(11));
  assertEquals([response.status, (await response.json()).code], [413, "too_long"]);
});

Deno.test("Limits: without one a message may be as long as a frame", async () => {
  await using server = await startServer({
    PARLEY_MAX_MESSAGE_CHARS: "0",
    PARLEY_MAX_FRAME_BYTES: "0",
  });
  await using alice = await Client.joined(server.ws, "Alice");
  await alice.say("x".repeat(900_000));
  assertEquals((await alice.next("chat_message")).text.length, 900_000);
});

/** A command of exactly so many bytes. */
function commandOf(bytes: number): string {
  const command = (text: string) => JSON.stringify({ type: "send", room: "general", text });
  return command("x".repeat(bytes - command("").length));
}

const FRAMES: readonly [name: string, bytes: number, outcome: string | number][] = [
  ["32 KiB", 32 * KIB, "ack"],
  ["33 KiB", 33 * KIB, "too_long"],
  ["1 MiB", MIB, "too_long"],
  ["1 MiB and a byte", MIB + 1, 1009],
  ["2 MiB", 2 * MIB, 1009],
];

for (const [name, bytes, outcome] of FRAMES) {
  Deno.test(`Limits: a frame of ${name} ends with ${outcome}, and others go on`, async () => {
    await using server = await startServer({ PARLEY_MAX_MESSAGE_CHARS: "0" });
    await using bob = await Client.joined(server.ws, "Bob");
    await using alice = await Client.joined(server.ws, "Alice");
    alice.socket.send(commandOf(bytes));
    if (typeof outcome === "number") {
      await assertClosed(alice, outcome);
      await bob.next("user_left");
    } else {
      const { type, code = type } = await alice.next(outcome === "ack" ? "ack" : "error");
      assertEquals(code, outcome);
      await alice.say("still here");
    }
    await bob.say("all is quiet");
    assertEquals(bob.all("error"), []);
  });
}

Deno.test("Limits: the bytes of a frame count, not its characters", async () => {
  await using server = await startServer({ PARLEY_MAX_FRAME_BYTES: "1000" });
  await using alice = await Client.joined(server.ws, "Alice");
  alice.send(send("x".repeat(900)));
  await alice.next("ack");
  alice.send(send("界".repeat(320)));
  assertEquals((await alice.next("error")).code, "too_long");
});

Deno.test("Limits: a user may send a burst, and then as fast as it says", async () => {
  await using server = await startServer({
    PARLEY_MESSAGES_PER_SECOND: "10",
    PARLEY_MESSAGE_BURST: "3",
  });
  await using alice = await Client.joined(server.ws, "Alice");
  await using bob = await Client.joined(server.ws, "Bob");
  alice.send(sends(4));
  const { ref, code, message, retry_after_ms } = await alice.next("error");
  assertEquals([ref, code], [3, "rate_limited"]);
  assert(message.length > 0 && retry_after_ms > 0 && retry_after_ms <= 100, `${retry_after_ms}`);
  // What one may send is no concern of the other's.
  await bob.say("as I like");
  await new Promise((resolve) => setTimeout(resolve, retry_after_ms));
  await alice.say("once more");
  assertEquals(bob.all("error"), []);
});

Deno.test("Limits: what a user may send counts over all connections and HTTP, and every change", async () => {
  await using server = await startServer({
    PARLEY_MESSAGES_PER_SECOND: "1",
    PARLEY_MESSAGE_BURST: "4",
  });
  await using first = await Client.joined(server.ws, "Alice");
  await using second = await Client.welcomed(server.ws, { token: first.me.token });
  await second.join();
  const { id } = await first.say("1");
  first.send({ type: "react", room: "general", id, emoji: "👍", on: true });
  await first.next("ack");
  await second.say("3");
  const posted = await post(server.url, first.me.token, "4");
  assertEquals(posted.status, 201);
  await posted.body?.cancel();
  const refused = await post(server.url, first.me.token, "5");
  assertEquals([refused.status, (await refused.json()).code], [429, "rate_limited"]);
  assertEquals(refused.headers.get("retry-after"), "1");
  second.send(send("5"));
  assertEquals((await second.next("error")).code, "rate_limited");
});

Deno.test("Limits: other commands have ten times the flow of messages", async () => {
  await using server = await startServer({
    PARLEY_MESSAGES_PER_SECOND: "1",
    PARLEY_MESSAGE_BURST: "1",
  });
  await using alice = await Client.welcomed(server.ws, { username: "Alice" });
  alice.send(Array.from({ length: 11 }, (_, ref) => ({ type: "ping", ref })));
  assertEquals((await alice.next("error")).code, "rate_limited");
  assertEquals(alice.all("pong").length, 10);
});

Deno.test("Limits: without one nobody is too fast", async () => {
  await using server = await startServer({ PARLEY_MESSAGES_PER_SECOND: "0" });
  await using alice = await Client.joined(server.ws, "Alice");
  for (let i = 0; i < 10; i++) alice.send(sends(100));
  await alice.until(() => alice.all("ack").length === 1000, "every ack");
  assertEquals(alice.all("error"), []);
});

Deno.test("Limits: 100 refusals in 10 s are a flood, and 99 are none", async () => {
  await using server = await startServer({ PARLEY_GRACE_S: "3600" });
  await using bob = await Client.joined(server.ws, "Bob");
  await using alice = await Client.joined(server.ws, "Alice");
  alice.send(Array.from({ length: 99 }, () => ({ type: "dance" })));
  await alice.until(() => alice.all("error").length === 99);
  await alice.settle();
  alice.send({ type: "dance" });
  await assertClosed(alice, 4001);
  await bob.next("user_left");
});

Deno.test("Limits: an address holds so many connections, of both modes together", async () => {
  await using server = await startServer({ PARLEY_CONNECTIONS_PER_ADDRESS: "2" });
  await using _alice = await Client.joined(server.ws, "Alice");
  await using bob = await Client.plainJoined(server.ws, { username: "Bob" });
  using refused = await RawSocket.v1(server.ws, "Carol");
  assertEquals(refused.status, 429);
  assertEquals(refused.headers.get("content-type"), "application/problem+json");
  assertEquals(refused.headers.get("retry-after"), "10");
  await bob.close();
  await using _carol = await Client.joined(server.ws, "Carol");
});

const FORWARDED: readonly [name: string, proxies: string, from: string[], statuses: number[]][] = [
  ["counts each client of a trusted proxy", "127.0.0.1", ["192.0.2.1", "192.0.2.2", "192.0.2.1"], [
    101,
    101,
    429,
  ]],
  ["believes nobody else", "", ["192.0.2.1", "192.0.2.2"], [101, 429]],
  ["believes no proxy behind the trusted one", "127.0.0.1", ["192.0.2.9, 192.0.2.1", "192.0.2.1"], [
    101,
    429,
  ]],
  ["counts an IPv6 client by its /64", "127.0.0.0/8", ["2001:db8::1", "2001:db8::2"], [101, 429]],
];

for (const [name, proxies, from, statuses] of FORWARDED) {
  Deno.test(`Limits: the one on connections ${name}`, async () => {
    await using server = await startServer({
      PARLEY_CONNECTIONS_PER_ADDRESS: "1",
      PARLEY_TRUSTED_PROXIES: proxies,
    });
    using stack = new DisposableStack();
    for (const [i, forwardedFor] of from.entries()) {
      const headers = { "x-forwarded-for": forwardedFor };
      const socket = await RawSocket.open(`${server.ws}?username=user-${i}`, headers);
      stack.use(socket);
      assertEquals([forwardedFor, socket.status], [forwardedFor, statuses[i]]);
    }
  });
}

Deno.test("Limits: a connection is in so many rooms at once", async () => {
  await using server = await startServer({ PARLEY_ROOMS_PER_CONNECTION: "2" });
  await using alice = await Client.joined(server.ws, "Alice");
  await alice.join("second");
  alice.send({ type: "join", room: "third", ref: 3 });
  const { ref, code } = await alice.next("error");
  assertEquals([ref, code], [3, "too_many"]);
  await alice.join("second");
  alice.send({ type: "leave", room: "second" });
  await alice.join("third");
});

Deno.test("Limits: a newcomer is sent so much history, and so much is held in memory", async () => {
  await using server = await startServer({
    PARLEY_HISTORY_ON_JOIN: "3",
    PARLEY_HISTORY_IN_MEMORY: "5",
  });
  await using alice = await Client.joined(server.ws, "Alice");
  for (const i of [1, 2, 3, 4, 5, 6, 7]) await alice.say(`${i}`);
  const { messages } = await alice.join("general", { limit: 100 });
  assertEquals(messages.map(({ text }) => text), ["5", "6", "7"]);
  await using bob = await Client.plainJoined(server.ws, { username: "Bob", history: "100" });
  assertEquals(bob.all("chat_message").map(({ text }) => text), ["3", "4", "5", "6", "7"]);
});

Deno.test("Limits: a newcomer may be sent no history at all", async () => {
  await using server = await startServer({ PARLEY_HISTORY_ON_JOIN: "0" });
  await using alice = await Client.joined(server.ws, "Alice");
  await alice.say("before");
  assertEquals((await alice.join()).messages, []);
});

Deno.test("Limits: a silent socket is closed, and one that answers its pings stays", async () => {
  await using server = await startServer({ PARLEY_IDLE_TIMEOUT_S: "1", PARLEY_GRACE_S: "0" });
  await using bob = await Client.joined(server.ws, "Bob");
  using silent = await RawSocket.v1(server.ws, "Silent");
  using answering = await RawSocket.v1(server.ws, "Answering");
  for (const socket of [silent, answering]) {
    await socket.command({ type: "join", room: "general" });
    await socket.next("joined");
  }
  const closed = silent.closeCode();
  for (let pings = 0; pings < 3;) {
    const frame = await answering.read();
    assert(frame && frame.opcode !== OPCODE.close, "the socket that answers was closed");
    if (frame.opcode !== OPCODE.ping) continue;
    await answering.send(OPCODE.pong, frame.payload);
    pings++;
  }
  assertEquals(await closed, 1001);
  assertEquals((await bob.next("user_left")).username, "Silent");
  await answering.command({ type: "ping" });
  await answering.next("pong");
});
