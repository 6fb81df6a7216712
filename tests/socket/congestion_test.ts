import { assertEquals } from "@std/assert";
import { Client } from "../helpers/client.ts";
import { scrape, scrapeUntil } from "../helpers/metrics.ts";
import { RawSocket } from "../helpers/raw_socket.ts";
import { startServer, type TestServer } from "../helpers/server.ts";

const SETTINGS = {
  PARLEY_MESSAGES_PER_SECOND: "0",
  PARLEY_MAX_MESSAGE_CHARS: "0",
  PARLEY_MAX_FRAME_BYTES: "0",
  PARLEY_GRACE_S: "0",
};

/** Says so much in a room that somebody who does not read is congested, and stays so. */
async function congest(server: TestServer, room: string): Promise<void> {
  await using speaker = await Client.joined(server.ws, "Speaker", room);
  // The system takes a little more now and then.
  for (let waiting = 0; waiting < 400_000;) {
    await speaker.say("x".repeat(100_000), room);
    waiting = (await scrape(server.url)).get('parley_waiting_bytes{socket="open"}')!;
  }
}

Deno.test("Congestion: a member who reads again is told who is there, in place of the joins it missed", async () => {
  await using server = await startServer(SETTINGS);
  using slow = await RawSocket.v1(server.ws, "Slow");
  await slow.command({ type: "join", room: "general" }, { type: "join", room: "aside" });
  const { seq, epoch } = await slow.next("joined");
  await slow.next("joined");
  await using gone = await Client.joined(server.ws, "Gone");
  await slow.next("user_joined");
  await congest(server, "aside");
  await using bob = await Client.joined(server.ws, "Bob");
  await gone.close();
  await bob.next("user_left");

  const { type, ref, users, ...rest } = await slow.next(
    "joined",
    ({ room }) => room === "general",
  );
  assertEquals([type, ref], ["joined", undefined]);
  assertEquals(users.map(({ name }: { name: string }) => name), ["Slow", "Bob"]);
  assertEquals(rest, { room: "general", epoch, seq, recovered: true, messages: [], count: 2 });
  await bob.close();
  assertEquals((await slow.next("user_left")).username, "Bob");
});

Deno.test("Congestion: a plain member who reads again gets the newest list of who is there", async () => {
  await using server = await startServer(SETTINGS);
  using slow = await RawSocket.open(`${server.ws}?username=Slow`);
  await slow.next("user_joined");
  await congest(server, "general");
  await using _bob = await Client.joined(server.ws, "Bob");
  await using _carol = await Client.joined(server.ws, "Carol");

  const { username, active_users } = await slow.next(
    "user_joined",
    (event) => event.username !== "Speaker",
  );
  assertEquals([username, active_users], ["Carol", ["Slow", "Bob", "Carol"]]);
});

Deno.test("Congestion: an address whose budget is spent is refused until its slow sockets have read", async () => {
  const settings = {
    ...SETTINGS,
    PARLEY_BUFFER_BYTES_PER_ADDRESS: "80000",
    PARLEY_TRUSTED_PROXIES: "127.0.0.1",
  };
  await using server = await startServer(settings);
  await using speaker = await Client.joined(server.ws, "Speaker");
  const come = (name: string) =>
    RawSocket.open(`${server.ws}?username=${name}`, {
      "sec-websocket-protocol": "parley.v1",
      "x-forwarded-for": "198.51.100.1",
    });
  using slow = await come("Slow");
  await slow.command({ type: "join", room: "general" });
  await slow.next("joined");
  const isHeld = (samples: ReadonlyMap<string, number>) =>
    samples.get('parley_waiting_bytes{socket="closing"}')! > 80_000;
  while (!isHeld(await scrape(server.url))) await speaker.say("x".repeat(100_000));
  using refused = await come("Newcomer");
  assertEquals([refused.status, refused.headers.get("retry-after")], [429, "10"]);

  assertEquals(await slow.closeCode(), 4000);
  await scrapeUntil(server.url, (samples) => !isHeld(samples));
  using welcome = await come("Newcomer");
  assertEquals(welcome.status, 101);
});
