import { assert, assertEquals } from "@std/assert";
import { assertClosed, Client } from "../helpers/client.ts";
import { encodeFrame, OPCODE, RawSocket } from "../helpers/raw_socket.ts";
import { startServer, type TestServer } from "../helpers/server.ts";

/** Bob and Carol, who want to talk in peace. */
async function startTalk(settings: Readonly<Record<string, string>> = {}) {
  await using stack = new AsyncDisposableStack();
  const server: TestServer = stack.use(await startServer({ PARLEY_GRACE_S: "0", ...settings }));
  const bob = stack.use(await Client.joined(server.ws, "Bob"));
  const carol = stack.use(await Client.joined(server.ws, "Carol"));
  const all = stack.move();
  return {
    server,
    bob,
    /** Fails unless each hears the other, and hears of no error. */
    async goesOn() {
      for (const [speaker, listener] of [[bob, carol], [carol, bob]] as const) {
        const { id } = await speaker.say("where were we?");
        await listener.next("chat_message", (message) => message.id === id);
        assertEquals(listener.all("error"), []);
      }
    },
    /** Waits until both have been told that somebody left. */
    async left(username: string) {
      for (const client of [bob, carol]) {
        await client.until(() => client.all("user_left").some((e) => e.username === username));
      }
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

const FRAMES: readonly [name: string, code: string, data: string | Uint8Array<ArrayBuffer>][] = [
  ["a binary frame", "bad_request", new Uint8Array([1, 2, 3])],
  ["an empty frame", "bad_request", ""],
  ["an empty binary frame", "bad_request", new Uint8Array()],
  ["a frame that is not JSON", "bad_request", "hello"],
  ["half a JSON object", "bad_request", '{"type":"ping"'],
  ["null", "bad_request", "null"],
  ["a number", "bad_request", "5"],
  ["a string", "bad_request", '"ping"'],
  ["an empty array", "bad_request", "[]"],
  ["an array in an array", "bad_request", '[[{"type":"ping"}]]'],
  ["an object without a type", "bad_request", "{}"],
  ["a type of another kind", "bad_request", '{"type":["ping"]}'],
  ["a type that every object has", "unknown_type", '{"type":"toString"}'],
  ["a prototype", "bad_request", '{"__proto__":{"type":"ping"}}'],
  ["a ref that is an object", "bad_request", '{"type":"ping","ref":{}}'],
  ["nesting without an end", "bad_request", "[".repeat(30_000)],
  ["nesting that ends", "bad_request", "[".repeat(10_000) + "]".repeat(10_000)],
];

Deno.test("Hostile: each frame that is no command gets one error, and no more happens", async () => {
  await using talk = await startTalk();
  await using mallory = await Client.joined(talk.server.ws, "Mallory");
  for (const [name, code, data] of FRAMES) {
    mallory.socket.send(data);
    assertEquals((await mallory.next("error")).code, code, name);
  }
  await mallory.say("still here");
  assertEquals(mallory.all("error").length, FRAMES.length);
  await talk.goesOn();
});

/** Waits until a flood is cut off. On a busy machine the flood may break the connection before the close frame. */
async function floodEnded(client: Client): Promise<void> {
  await client.until(() => client.socket.readyState === WebSocket.CLOSED, "the close");
  const { code } = await client.closed;
  assert([4001, 0].includes(code), `it was closed with ${code}`);
}

const FLOODS: readonly [name: string, frame: string][] = [
  ["messages", JSON.stringify({ type: "send", room: "general", text: "flood" })],
  ["pings", JSON.stringify({ type: "ping" })],
  ["joins", JSON.stringify({ type: "join", room: "general" })],
  ["typing", JSON.stringify({ type: "typing", room: "general", on: true })],
  ["no JSON", "}{"],
];

for (const [name, frame] of FLOODS) {
  Deno.test(`Hostile: 10,000 frames of ${name} close their sender and trouble nobody`, async () => {
    await using talk = await startTalk();
    await using mallory = await Client.joined(talk.server.ws, "Mallory");
    for (let i = 0; i < 10_000; i++) mallory.socket.send(frame);
    await talk.goesOn();
    await floodEnded(mallory);
    await talk.left("Mallory");
    // A user may say 30 messages at once, and 10 in each second that this took.
    assert(talk.bob.all("chat_message").filter(({ text }) => text === "flood").length < 100);
    await talk.goesOn();
  });
}

Deno.test("Hostile: 10,000 plain frames close their sender and trouble nobody", async () => {
  await using talk = await startTalk();
  await using mallory = await Client.plainJoined(talk.server.ws, { username: "Mallory" });
  for (let i = 0; i < 10_000; i++) mallory.socket.send("flood");
  await talk.goesOn();
  await floodEnded(mallory);
  await talk.left("Mallory");
  await talk.goesOn();
});

Deno.test("Hostile: one frame of 1,000 commands is no way around the limits", async () => {
  await using talk = await startTalk();
  await using mallory = await Client.joined(talk.server.ws, "Mallory");
  mallory.send(Array.from({ length: 1000 }, () => ({ type: "dance" })));
  await assertClosed(mallory, 4001);
  await talk.goesOn();
});

const PING = JSON.stringify({ type: "ping" });
const masked = (opcode: number, payload: string | Uint8Array, fin = true) => {
  const frame = encodeFrame(opcode, payload);
  if (!fin) frame[0]! &= 0x7f;
  return frame;
};

const BROKEN: readonly [name: string, bytes: Uint8Array][] = [
  ["reserved bits", new Uint8Array([0xf1, 0x80, 0, 0, 0, 0])],
  ["a reserved opcode", masked(3, PING)],
  ["a continuation of nothing", masked(0, PING)],
  ["a second start of a message", new Uint8Array([...masked(1, "[", false), ...masked(1, "]")])],
  ["a control frame in parts", masked(OPCODE.ping, "x", false)],
  ["a control frame of 126 bytes", masked(OPCODE.ping, "x".repeat(126))],
  ["text that is not UTF-8", masked(OPCODE.text, new Uint8Array([0x22, 0xff, 0xfe, 0x22]))],
  ["a close frame with half a code", masked(OPCODE.close, "x")],
  ["a size of 2^62 bytes", new Uint8Array([0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
  ["bytes of another protocol", new TextEncoder().encode("GET / HTTP/1.1\r\nHost: x\r\n\r\n")],
];

for (const [name, bytes] of BROKEN) {
  Deno.test(`Hostile: a connection ends on ${name}, and nothing else does`, async () => {
    await using talk = await startTalk();
    using mallory = await RawSocket.v1(talk.server.ws, "Mallory");
    await mallory.command({ type: "join", room: "general" });
    await mallory.next("joined");
    await mallory.write(bytes);
    while (await mallory.read());
    await talk.left("Mallory");
    await talk.goesOn();
  });
}

Deno.test("Hostile: a message in parts, with a ping between them, is one message", async () => {
  await using talk = await startTalk();
  using alice = await RawSocket.v1(talk.server.ws, "Alice");
  await alice.next("welcome");
  const [first, ...rest] = [...PING].map((char, i) => masked(i === 0 ? 1 : 0, char, false));
  await alice.write(first!);
  await alice.send(OPCODE.ping, "between");
  for (const part of rest) await alice.write(part);
  await alice.write(masked(0, ""));
  await alice.next("pong");
});
