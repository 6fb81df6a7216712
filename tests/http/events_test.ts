import { assert, assertEquals } from "@std/assert";
import { Client } from "../helpers/client.ts";
import { EventReader } from "../helpers/event_reader.ts";
import { scrapeUntil } from "../helpers/metrics.ts";
import { startServer } from "../helpers/server.ts";

Deno.test("events: a reader hears what happens in a room, and nobody hears of the reader", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  await using bob = await Client.welcomed(server.ws, { username: "Bob" });
  await using reader = await EventReader.open(server.url, bob.me.token);
  assertEquals(reader.response.headers.get("content-type"), "text/event-stream");

  const joined = await reader.until("joined");
  assertEquals([joined.room, joined.recovered, joined.count], ["general", false, 1]);
  assertEquals(joined.streamId, `${joined.epoch}:0`);

  alice.send({ type: "send", room: "general", text: "Hello", ref: 1 });
  const message = await reader.until("chat_message");
  assertEquals([message.username, message.text], ["Alice", "Hello"]);
  assertEquals(message.streamId, `${joined.epoch}:${message.seq}`);
  await alice.next("ack");
  assertEquals(alice.all("user_joined"), []);
});

Deno.test("events: a reader who comes back with the last id hears of all that it missed, once", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  const said = async (text: string) => {
    alice.send({ type: "send", room: "general", text, ref: text });
    await alice.next("ack");
  };
  await said("one");
  let lastId: string;
  {
    await using reader = await EventReader.open(server.url, alice.me.token);
    await reader.until("joined");
    await said("two");
    lastId = (await reader.until("chat_message")).streamId;
  }
  await said("three");
  await using reader = await EventReader.open(server.url, alice.me.token, { lastId });
  const { recovered, messages } = await reader.until("joined");
  assertEquals([recovered, messages.map(({ text }: { text: string }) => text)], [true, ["three"]]);

  const strange = { lastId: "another-epoch:2" };
  await using stranger = await EventReader.open(server.url, alice.me.token, strange);
  const page = await stranger.until("joined");
  assertEquals([page.recovered, page.messages.length], [false, 3]);
});

Deno.test("events: what cannot be read is refused", async () => {
  await using server = await startServer({ PARLEY_CONNECTIONS_PER_ADDRESS: "2" });
  await using alice = await Client.welcomed(server.ws, { username: "Alice" });
  const { token } = alice.me;
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(server.url + path, { headers });
    return [response.status, (await response.json()).code];
  };
  const authorization = `Bearer ${token}`;
  assertEquals(await ask("/api/rooms/general/events"), [401, "unauthorized"]);
  assertEquals(await ask("/api/rooms/No%20Room/events", { authorization }), [400, "bad_name"]);
  assertEquals(
    await ask("/api/rooms/general/events", { authorization, "last-event-id": "yesterday" }),
    [400, "bad_request"],
  );
  await using reader = await EventReader.open(server.url, token);
  await reader.until("joined");
  assertEquals(await ask("/api/rooms/general/events", { authorization }), [429, "too_many"]);
});

Deno.test("events: whoever signs out reads no more, and the place is free for another", async () => {
  await using server = await startServer();
  await using alice = await Client.welcomed(server.ws, { username: "Alice" });
  await using reader = await EventReader.open(server.url, alice.me.token);
  await reader.until("joined");
  await fetch(`${server.url}/api/session`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${alice.me.token}` },
  });
  assertEquals(await reader.next(), undefined);
  await scrapeUntil(
    server.url,
    (samples) => samples.get('parley_connections{mode="events"}') === 0,
  );
});

Deno.test("events: a server that goes away says when to come back, and does not wait for readers", async () => {
  const server = await startServer();
  await using alice = await Client.welcomed(server.ws, { username: "Alice" });
  await using reader = await EventReader.open(server.url, alice.me.token);
  await reader.until("joined");
  const end = server[Symbol.asyncDispose]();
  assertEquals(await reader.next(), undefined);
  assert(reader.retryMs! >= 500, `it was asked to wait ${reader.retryMs} ms`);
  await end;
});

Deno.test("events: a reader that does not read is let go, and holds nobody up", async () => {
  await using server = await startServer({
    PARLEY_MESSAGES_PER_SECOND: "0",
    PARLEY_MAX_MESSAGE_CHARS: "30000",
  });
  await using alice = await Client.welcomed(server.ws, { username: "Alice" });
  using deaf = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(new URL(server.url).port),
  });
  await deaf.write(new TextEncoder().encode(
    "GET /api/rooms/general/events HTTP/1.1\r\nhost: localhost\r\n" +
      `authorization: Bearer ${alice.me.token}\r\n\r\n`,
  ));
  const open = (count: number) =>
    scrapeUntil(
      server.url,
      (samples) => samples.get('parley_connections{mode="events"}') === count,
    );
  await open(1);
  const say = () =>
    fetch(`${server.url}/api/rooms/general/messages`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${alice.me.token}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ text: "x".repeat(30_000) }),
    }).then((response) => response.body?.cancel());
  // More than the buffers of both ends of a connection hold.
  for (let i = 0; i < 30; i++) await Promise.all(Array.from({ length: 20 }, say));
  const samples = await open(0);
  assertEquals(samples.get('parley_closes_total{code="4000"}'), 1);
});
