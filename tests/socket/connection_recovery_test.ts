import { assertEquals } from "@std/assert";
import { Room } from "../../lib/chat/room.ts";
import { Client, type Received } from "../helpers/client.ts";
import { startServer } from "../helpers/server.ts";

const UNCOUNTED = { PARLEY_MESSAGES_PER_SECOND: "0" };

/** Says many things in as few frames as may be, and waits until all are stored. */
async function sayAll(client: Client, texts: readonly string[]): Promise<void> {
  const acks = client.all("ack").length;
  for (let from = 0; from < texts.length; from += 200) {
    client.send(
      texts.slice(from, from + 200).map((text) => ({ type: "send", room: "general", text })),
    );
  }
  await client.until(() => client.all("ack").length === acks + texts.length, "every ack");
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `text ${i + 1}`);

Deno.test("Connection that comes back gets each message that changed meanwhile, once", async () => {
  await using server = await startServer();
  await using alice = await Client.joined(server.ws, "Alice");
  const [kept, edited, deleted] = [
    await alice.say("kept"),
    await alice.say("tpyo"),
    await alice.say("regretted"),
  ];
  const bob = await Client.welcomed(server.ws, { username: "Bob" });
  const { epoch, seq } = await bob.join();
  assertEquals(seq, 3);
  await bob.close();

  const fresh = await alice.say("fresh");
  alice.send([
    { type: "edit", room: "general", id: edited.id, text: "type" },
    { type: "edit", room: "general", id: edited.id, text: "typo" },
    { type: "delete", room: "general", id: deleted.id },
    { type: "react", room: "general", id: fresh.id, emoji: "👍", on: true },
  ]);
  await alice.until(() => alice.all("ack").length === 8);

  await using back = await Client.welcomed(server.ws, { token: bob.me.token });
  const joined = await back.join("general", { since: { epoch, seq } });
  assertEquals([joined.recovered, joined.epoch, joined.seq], [true, epoch, 8]);
  assertEquals(joined.messages.map(({ id, pos, seq, text }) => [id, pos, seq, text]), [
    [edited.id, 2, 6, "typo"],
    [deleted.id, 3, 7, undefined],
    [fresh.id, 4, 8, "fresh"],
  ]);
  assertEquals(joined.messages.some(({ id }) => id === kept.id), false);

  const again = await back.join("general", { since: { epoch, seq: joined.seq } });
  assertEquals([again.recovered, again.messages], [true, []]);
});

Deno.test("Connection misses and repeats nothing that is said while it comes back", async () => {
  await using server = await startServer(UNCOUNTED);
  await using alice = await Client.joined(server.ws, "Alice");
  await using bob = await Client.welcomed(server.ws, { username: "Bob" });
  const { epoch } = await bob.join();
  bob.send({ type: "leave", room: "general" });
  await bob.next("left");
  await sayAll(alice, numbered(100));

  const saying = sayAll(alice, numbered(300));
  const joined = await bob.join("general", { since: { epoch, seq: 0 } });
  await saying;
  // What was told while the answer was made may come twice: its number says so.
  const recovered = joined.messages.at(-1)!.seq;
  const told = () => bob.all("chat_message").filter(({ seq }) => seq > recovered);
  await bob.until(() => joined.messages.length + told().length === 400, "every message");
  assertEquals(
    [...joined.messages, ...told()].map(({ seq }: Received) => seq),
    Array.from({ length: 400 }, (_, i) => i + 1),
  );
});

const LOST: readonly [name: string, since: (epoch: string) => unknown][] = [
  ["of another epoch", () => ({ epoch: "another", seq: 1 })],
  ["beyond the head", (epoch) => ({ epoch, seq: 1_000 })],
  ["more than 500 messages ago", (epoch) => ({ epoch, seq: 100 })],
];

for (const [name, since] of LOST) {
  Deno.test(`Connection gets the newest page for a place ${name}`, async () => {
    await using server = await startServer(UNCOUNTED);
    await using alice = await Client.joined(server.ws, "Alice");
    await sayAll(alice, numbered(601));
    await using bob = await Client.welcomed(server.ws, { username: "Bob" });
    const { epoch } = await bob.join();
    const joined = await bob.join("general", { since: since(epoch) });
    assertEquals([joined.recovered, joined.seq, joined.messages.length], [false, 601, 50]);
    assertEquals(joined.messages.at(-1)!.text, "text 601");
  });
}

Deno.test("Connection gets up to 500 messages that it missed, however few a newcomer gets", async () => {
  await using server = await startServer(UNCOUNTED);
  await using alice = await Client.joined(server.ws, "Alice");
  await sayAll(alice, numbered(600));
  const { epoch, messages, seq } = await alice.join();
  assertEquals(messages.length, 50);
  const joined = await alice.join("general", { since: { epoch, seq: seq - 500 } });
  assertEquals([joined.recovered, joined.messages.length], [true, 500]);
  assertEquals(joined.messages[0]!.text, "text 101");
});

Deno.test("Connection that is sent away in the middle of a join hears the bye, and nothing before its answer", async () => {
  await using server = await startServer(UNCOUNTED);
  const alice = await Client.joined(server.ws, "Alice");
  const { epoch } = await alice.join();
  const bob = await Client.welcomed(server.ws, { username: "Bob" });

  const { recover } = Room.prototype;
  const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  Room.prototype.recover = async function (since) {
    asked.resolve();
    await answered.promise;
    return await recover.call(this, since);
  };
  try {
    bob.send({ type: "join", room: "general", since: { epoch, seq: 0 } });
    await asked.promise;
    await alice.say("Bob would take this for all that he missed");
    const closed = server.app.close();
    assertEquals((await bob.closed).code, 1001);
    assertEquals(bob.events.map(({ type }) => type), ["welcome", "bye"]);
    answered.resolve();
    await closed;
  } finally {
    Room.prototype.recover = recover;
  }
  await alice.closed;
});
