import { assert, assertEquals } from "@std/assert";
import { assertClosed, Client } from "../helpers/client.ts";
import { encodeFrame, OPCODE, RawSocket } from "../helpers/raw_socket.ts";
import { startServer } from "../helpers/server.ts";

const GRACE_MS = 1_000;
const SHORT = { PARLEY_GRACE_S: "1" };
const LONG = { PARLEY_GRACE_S: "3600" };

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Alice in the room "general", over bare TCP, with her token. */
async function rawAlice(ws: string): Promise<RawSocket & { token: string }> {
  const socket = await RawSocket.v1(ws, "Alice");
  const { token } = await socket.next("welcome");
  await socket.command({ type: "join", room: "general" });
  await socket.next("joined");
  return Object.assign(socket, { token });
}

const BREAKS: readonly [name: string, end: (socket: RawSocket) => Promise<void> | void][] = [
  ["its TCP connection ends without a word", (socket) => socket[Symbol.dispose]()],
  ["it ends in the middle of a frame", async (socket) => {
    await socket.write(encodeFrame(OPCODE.text, "x".repeat(1000)).subarray(0, 500));
    socket[Symbol.dispose]();
  }],
  [
    "its page goes away (1001)",
    (socket) => socket.send(OPCODE.close, new Uint8Array([1001 >> 8, 1001 & 0xff])),
  ],
];

for (const [name, end] of BREAKS) {
  Deno.test(`Connection that breaks comes back to its place unseen: ${name}`, async () => {
    await using server = await startServer(SHORT);
    await using bob = await Client.joined(server.ws, "Bob");
    using broken = await rawAlice(server.ws);
    await end(broken);
    await sleep(GRACE_MS / 4);
    await assertClosed(Client.v1(server.ws, { username: "Alice" }), 4501);
    await assertClosed(Client.plain(server.ws, { username: "Alice" }), 1008);

    await using back = await Client.welcomed(server.ws, { token: broken.token });
    assertEquals(back.me.user.name, "Alice");
    assertEquals((await back.join()).count, 2);
    await sleep(GRACE_MS);
    await bob.settle();
    assertEquals([bob.all("user_joined").length, bob.all("user_left").length], [1, 0]);
    assertEquals((await bob.join()).count, 2);

    await back.close();
    await bob.next("user_left");
  });
}

Deno.test("Connection that breaks and stays away leaves after the grace, and frees its name", async () => {
  await using server = await startServer(SHORT);
  await using bob = await Client.joined(server.ws, "Bob");
  using broken = await rawAlice(server.ws);
  const brokeAt = Date.now();
  broken[Symbol.dispose]();
  assertEquals((await bob.next("user_left")).username, "Alice");
  const afterMs = Date.now() - brokeAt;
  assert(afterMs > 0.9 * GRACE_MS, `it left after ${afterMs} ms`);
  await using another = await Client.welcomed(server.ws, { username: "Alice" });
  assertEquals(another.me.user.name, "Alice");
});

Deno.test("Connection that is closed cleanly leaves at once, and frees its name", async () => {
  await using server = await startServer(LONG);
  await using bob = await Client.joined(server.ws, "Bob");
  await using alice = await Client.joined(server.ws, "Alice");
  await alice.close();
  await bob.next("user_left");
  await using another = await Client.welcomed(server.ws, { username: "Alice" });
  assert(another.me.user.id !== alice.me.user.id);
});

Deno.test("PlainConnection that breaks leaves at once", async () => {
  await using server = await startServer(LONG);
  await using bob = await Client.joined(server.ws, "Bob");
  using alice = await RawSocket.open(`${server.ws}?username=Alice`);
  await alice.next("user_joined");
  alice[Symbol.dispose]();
  await bob.next("user_left");
  await using _another = await Client.plainJoined(server.ws, { username: "Alice" });
});

Deno.test("Connection that breaks in one of its places is in the other, and goes with it", async () => {
  await using server = await startServer(LONG);
  await using bob = await Client.joined(server.ws, "Bob");
  using broken = await rawAlice(server.ws);
  await using other = await Client.welcomed(server.ws, { token: broken.token });
  await other.join();
  await other.join("elsewhere");
  await bob.join("elsewhere");
  broken[Symbol.dispose]();
  await sleep(50);
  await other.close();
  // What was never broken is left at once; what was may still be come back to.
  assertEquals((await bob.next("user_left")).room, "elsewhere");
  await bob.settle();
  assertEquals(bob.all("user_left").length, 1);
});

Deno.test("Connection that broke and came back leaves at once when it is closed", async () => {
  await using server = await startServer(LONG);
  await using bob = await Client.joined(server.ws, "Bob");
  using broken = await rawAlice(server.ws);
  await bob.next("user_joined");
  broken[Symbol.dispose]();
  await using back = await Client.welcomed(server.ws, { token: broken.token });
  await back.join();
  await back.close();
  await bob.next("user_left");
  await using another = await Client.welcomed(server.ws, { username: "Alice" });
  assert(another.me.user.id !== back.me.user.id);
});
