import { assert, assertEquals } from "@std/assert";
import { createTokens, newUserId } from "../../lib/auth/tokens.ts";
import { Client } from "../helpers/client.ts";
import { startServer, type TestServer } from "../helpers/server.ts";

/** A server with Alice, who said something, and Bob, who heard it. */
async function startTalk(settings: Readonly<Record<string, string>> = {}) {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startServer(settings));
  const alice = stack.use(await Client.joined(server.ws, "Alice"));
  const bob = stack.use(await Client.joined(server.ws, "Bob"));
  const { id } = await alice.say("helo");
  await bob.next("chat_message");
  const all = stack.move();
  return { server, alice, bob, id, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** The one message of the room, as somebody new to the room finds it. */
async function found(server: TestServer) {
  await using carol = await Client.welcomed(server.ws, { username: "Carol" });
  const { messages: [message] } = await carol.join();
  return message!;
}

Deno.test("Connection tells everyone of an edit, and keeps it in the history", async () => {
  await using talk = await startTalk();
  const { server, alice, bob, id } = talk;
  alice.send({ type: "edit", room: "general", id, text: "hello", ref: 1 });
  assertEquals(await alice.next("ack"), { type: "ack", ref: 1, id, seq: 2 });
  const edited = await bob.next("message_edited");
  const { edited_at } = edited;
  assertEquals(edited, {
    type: "message_edited",
    room: "general",
    seq: 2,
    id,
    text: "hello",
    edited_at,
  });
  assert(Math.abs(Date.now() - edited_at) < 5_000);
  const { pos, seq, text, edited_at: since } = await found(server);
  assertEquals([pos, seq, text, since], [1, 2, "hello", edited_at]);
});

Deno.test("Connection makes a deleted message a tombstone without text or reactions", async () => {
  await using talk = await startTalk();
  const { server, alice, bob, id } = talk;
  alice.send([
    { type: "react", room: "general", id, emoji: "👍", on: true },
    { type: "edit", room: "general", id, text: "hello" },
    { type: "delete", room: "general", id },
  ]);
  assertEquals(await bob.next("message_deleted"), {
    type: "message_deleted",
    room: "general",
    seq: 4,
    id,
  });
  const { time: _, ...tombstone } = await found(server);
  const user_id = alice.me.user.id;
  assertEquals(tombstone, {
    room: "general",
    seq: 4,
    pos: 1,
    id,
    user_id,
    username: "Alice",
    deleted: true,
  });
  const after = [
    { type: "edit", room: "general", id, text: "again" },
    { type: "delete", room: "general", id },
    { type: "react", room: "general", id, emoji: "👍", on: true },
  ];
  alice.send(after);
  await alice.until(() => alice.all("error").length === after.length);
  assertEquals(alice.all("error").map(({ code }) => code), after.map(() => "not_found"));
});

Deno.test("Connection counts who reacted, and tells each reader which are theirs", async () => {
  await using talk = await startTalk();
  const { alice, bob, id } = talk;
  const react = (emoji: string, on = true) => ({ type: "react", room: "general", id, emoji, on });
  bob.send([react("👍"), react("👨‍👩‍👧‍👦"), react("👍"), react("🎉"), react("🎉", false)]);
  await bob.until(() => bob.all("ack").length === 5);
  alice.send(react("👍"));
  const reaction = await bob.next("reaction", ({ user_id }) => user_id === alice.me.user.id);
  assertEquals(reaction, {
    type: "reaction",
    room: "general",
    seq: 6,
    id,
    emoji: "👍",
    user_id: alice.me.user.id,
    on: true,
  });
  const reactions = async (client: Client) => (await client.join()).messages[0]!.reactions;
  assertEquals(await reactions(alice), {
    "👍": { count: 2, mine: true },
    "👨‍👩‍👧‍👦": { count: 1, mine: false },
  });
  assertEquals(await reactions(bob), {
    "👍": { count: 2, mine: true },
    "👨‍👩‍👧‍👦": { count: 1, mine: true },
  });
  // What changed nothing told nobody anything.
  assertEquals(alice.all("reaction").length, 5);
});

Deno.test("Connection lets nobody but the author edit or delete", async () => {
  await using talk = await startTalk();
  const { server, bob, id } = talk;
  bob.send([
    { type: "edit", room: "general", id, text: "hacked", ref: 1 },
    { type: "delete", room: "general", id, ref: 2 },
  ]);
  await bob.until(() => bob.all("error").length === 2);
  assertEquals(bob.all("error").map(({ ref, code }) => [ref, code]), [
    [1, "forbidden"],
    [2, "forbidden"],
  ]);
  assertEquals((await found(server)).text, "helo");
});

Deno.test("Connection lets a moderator delete what others wrote, but not edit it", async () => {
  const secret = "a secret that both ends know";
  const tokens = createTokens(new TextEncoder().encode(secret));
  await using talk = await startTalk({ PARLEY_SECRET: secret });
  const { server, bob, id } = talk;
  const user = { id: newUserId(), name: "Mia" };
  await using mia = await Client.welcomed(server.ws, {
    token: await tokens.sign(user, { guest: false, moderator: true }),
  });
  assertEquals(mia.me.moderator, true);
  await mia.join();
  mia.send({ type: "edit", room: "general", id, text: "hello", ref: 1 });
  assertEquals((await mia.next("error")).code, "forbidden");
  // The right lasts as long as the tokens that the server itself hands on.
  await using again = await Client.welcomed(server.ws, { token: mia.me.token });
  await again.join();
  again.send({ type: "delete", room: "general", id, ref: 2 });
  assertEquals((await again.next("ack")).ref, 2);
  assertEquals((await bob.next("message_deleted")).id, id);
});

Deno.test("Connection changes no message by way of another room", async () => {
  await using talk = await startTalk();
  const { alice, id } = talk;
  await alice.join("elsewhere");
  alice.send({ type: "edit", room: "elsewhere", id, text: "moved" });
  assertEquals((await alice.next("error")).code, "not_found");
});

Deno.test("Connection lets a message have 20 different reactions", async () => {
  await using talk = await startTalk({ PARLEY_MESSAGES_PER_SECOND: "0" });
  const { server, alice, bob, id } = talk;
  const emoji = [..."😀😁😂😃😄😅😆😇😈😉😊😋😌😍😎😏😐😑😒😓😔"];
  alice.send(emoji.map((emoji) => ({ type: "react", room: "general", id, emoji, on: true })));
  assertEquals((await alice.next("error")).code, "too_many");
  // One more person with an emoji that is there already is not one emoji more.
  bob.send({ type: "react", room: "general", id, emoji: "😀", on: true });
  await bob.next("ack");
  const { reactions } = await found(server);
  assertEquals(Object.keys(reactions!), emoji.slice(0, 20));
  assertEquals(reactions!["😀"]!.count, 2);
});

for (const emoji of ["", "a", "👍👍", "👍 ", ":+1:", "__proto__"]) {
  Deno.test(`Connection takes no reaction that is not one emoji: "${emoji}"`, async () => {
    await using talk = await startTalk();
    const { server, alice, id } = talk;
    alice.send({ type: "react", room: "general", id, emoji, on: true });
    assertEquals((await alice.next("error")).code, "bad_request");
    assertEquals((await found(server)).reactions, undefined);
  });
}
