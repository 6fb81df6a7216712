import { assertEquals } from "@std/assert";
import { Client } from "../helpers/client.ts";
import { scrape } from "../helpers/metrics.ts";
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

Deno.test("Congestion: who is sent away while a join is under way hears the bye, and nothing before its time", async () => {
  await using server = await startServer(SETTINGS);
  await using alice = await Client.welcomed(server.ws, { username: "Alice" });
  alice.send({ type: "join", room: "general", since: { epoch: "none", seq: 1 } });
  await new Promise((resolve) => setTimeout(resolve, 1));
  await server.app.close();
  assertEquals((await alice.closed).code, 1001);
  assertEquals(alice.all("bye").length, 1);
});
