import { assert, assertEquals } from "@std/assert";
import { Client } from "../helpers/client.ts";
import { encodeFrame, OPCODE, RawSocket } from "../helpers/raw_socket.ts";
import { startServer } from "../helpers/server.ts";
import { talk } from "../helpers/talk.ts";

const UNLIMITED = {
  PARLEY_CONNECTIONS_PER_ADDRESS: "0",
  PARLEY_MESSAGES_PER_SECOND: "0",
  PARLEY_MAX_MESSAGE_CHARS: "0",
  PARLEY_MAX_FRAME_BYTES: "0",
  PARLEY_GRACE_S: "0",
};

/** So many people, who come into "general" all at once. */
async function crowd(ws: string, stack: AsyncDisposableStack, size: number, name = "Member") {
  const people = Array.from({ length: size }, (_, i) => Client.joined(ws, `${name} ${i}`));
  return (await Promise.all(people)).map((client) => stack.use(client));
}

const seqs = (client: Client) => client.all("chat_message").map(({ seq }) => seq);

Deno.test("Twenty people who say a thousand lines all end with the same lines in the same order", async () => {
  await using server = await startServer(UNLIMITED);
  await using stack = new AsyncDisposableStack();
  const members = await crowd(server.ws, stack, 20);
  const lines = talk(1000);
  for (const [i, text] of lines.entries()) {
    members[i % 20]!.send({ type: "send", room: "general", text });
    if (i % 50 === 49) await members[i % 20]!.settle();
  }
  for (const member of members) {
    await member.until(() => member.all("chat_message").length === 1000, "every line");
  }
  const [first, ...others] = members.map((member) => member.all("chat_message"));
  for (const other of others) assertEquals(other, first);
  assertEquals(first!.map(({ seq }) => seq), lines.map((_, i) => i + 1));
  assertEquals(first!.map(({ text }) => text).sort(), lines.toSorted());
  // Each person's own lines keep the order in which they were said.
  for (const member of members) {
    const { id } = member.me.user;
    const own = first!.filter(({ user_id }) => user_id === id).map(({ text }) => parseInt(text));
    assertEquals(own, own.toSorted((a, b) => a - b));
  }
});

Deno.test("Members who do not read, break or close do not keep the others from a single message", async () => {
  await using server = await startServer(UNLIMITED);
  await using stack = new AsyncDisposableStack();
  const members = await crowd(server.ws, stack, 197);
  const [speaker, watcher] = [members[0]!, members[1]!];
  const [deaf, broken] = await Promise.all(["Deaf", "Broken"].map(async (name) => {
    const socket = stack.use(await RawSocket.v1(server.ws, name));
    await socket.command({ type: "join", room: "general" });
    await socket.next("joined");
    return socket;
  }));
  const closing = stack.use(await Client.joined(server.ws, "Closing"));

  const lines = talk(200);
  const left = (name: string) => watcher.all("user_left").some((e) => e.username === name);
  // Fills all buffers on the way to the one who does not read, by way of a room that only two are in.
  const filler = stack.use(await Client.joined(server.ws, "Filler", "aside"));
  await deaf!.command({ type: "join", room: "aside" });
  const filling = (async () => {
    for (let i = 0; i < 100 && !left("Deaf"); i++) await filler.say("x".repeat(200_000), "aside");
  })();
  for (const [i, text] of lines.entries()) {
    speaker.send({ type: "send", room: "general", text });
    if (i === 50) await broken!.write(encodeFrame(OPCODE.text, "x".repeat(1000)).subarray(0, 99));
    if (i === 51) broken![Symbol.dispose]();
    if (i === 60) closing.socket.close(1000);
    if (i % 10 === 0) await speaker.settle();
  }
  for (const member of members) {
    await member.until(() => seqs(member).length === lines.length, "every line");
    assertEquals(seqs(member), lines.map((_, i) => i + 1));
  }
  await filling;
  for (const name of ["Deaf", "Broken", "Closing"]) await watcher.until(() => left(name), name);
  assertEquals((await watcher.join()).count, members.length);
});

Deno.test("Lists of people are capped at a hundred names, and say how many there are", async () => {
  await using server = await startServer(UNLIMITED);
  await using stack = new AsyncDisposableStack();
  const plain = stack.use(await Client.plainJoined(server.ws, { username: "Plain" }));
  // One group after the other, as a member for whom much waits is told of no coming and going.
  for (const group of ["A", "B", "C", "D", "E", "F"]) await crowd(server.ws, stack, 20, group);
  await plain.until(() => plain.all("user_joined").length === 121);
  const { active_users, count } = plain.events.at(-1);
  assertEquals([active_users.length, active_users[0], count], [100, "Plain", 121]);
  const last = stack.use(await Client.welcomed(server.ws, { username: "Last" }));
  const joined = await last.join();
  assertEquals([joined.users.length, joined.count], [100, 122]);
});

Deno.test("A room of more than 250 people tells their number, at most once a second", async () => {
  await using server = await startServer(UNLIMITED);
  await using stack = new AsyncDisposableStack();
  const watcher = stack.use(await Client.joined(server.ws, "Watcher"));
  const plain = stack.use(await Client.plainJoined(server.ws, { username: "Plain" }));
  const startedAt = performance.now();
  await crowd(server.ws, stack, 248);
  const tail = await crowd(server.ws, stack, 20, "Late");
  await watcher.until(() => watcher.all("presence").at(-1)?.count === 270, "270 people");

  // The room held 250 people when the last one was told of by name.
  assertEquals(watcher.all("user_joined").length, 249);
  assertEquals(watcher.all("user_joined").at(-1)!.count, 250);
  await plain.until((events) => events.at(-1).count === 270, "270 people");
  assertEquals(plain.events.at(-1).active_users.length, 100);

  await Promise.all(tail.slice(0, 10).map((member) => member.close()));
  await watcher.until(() => watcher.all("presence").at(-1)!.count === 260, "260 people");
  const seconds = (performance.now() - startedAt) / 1000;
  assertEquals(watcher.all("user_left"), []);
  const moves = plain.events.filter(({ count }) => count > 250);
  for (const { length } of [watcher.all("presence"), moves]) {
    assert(length <= seconds, `${length} were told in ${seconds} s`);
  }
});
