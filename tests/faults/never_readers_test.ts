import { assert, assertEquals } from "@std/assert";
import { Client } from "../helpers/client.ts";
import { scrape, scrapeUntil } from "../helpers/metrics.ts";
import { ServerProcess } from "../helpers/process.ts";
import { RawSocket } from "../helpers/raw_socket.ts";
import { talk } from "../helpers/talk.ts";

const MIB = 1024 * 1024;
/** How many do not read. */
const CROWD = 500;
const CLOSING = 'parley_waiting_bytes{socket="closing"}';
const RESIDENT = 'parley_memory_bytes{kind="resident"}';
const TOO_SLOW = 'parley_closes_total{code="4000"}';

const SETTINGS = {
  PARLEY_ISOLATES: "1",
  PARLEY_STORE: "memory:",
  PARLEY_CONNECTIONS_PER_ADDRESS: "0",
  PARLEY_MESSAGES_PER_SECOND: "0",
  PARLEY_MAX_MESSAGE_CHARS: "0",
  PARLEY_MAX_FRAME_BYTES: "0",
  PARLEY_TRUSTED_PROXIES: "127.0.0.1",
  PARLEY_HISTORY_IN_MEMORY: "1",
};

/** A member of a room who reads nothing after it was let in. */
async function neverReader(ws: string, name: string, address: string, rooms: string[]) {
  const socket = await RawSocket.open(`${ws}?username=${name}`, {
    "sec-websocket-protocol": "parley.v1",
    "x-forwarded-for": address,
  });
  for (const room of rooms) {
    await socket.command({ type: "join", room });
    await socket.next("joined");
  }
  return socket;
}

Deno.test("one of fifty who never reads leaves, is closed with 4000, and the others miss nothing", async () => {
  await using server = await ServerProcess.listening({ settings: SETTINGS });
  await using stack = new AsyncDisposableStack();
  const members = await Promise.all(
    Array.from({ length: 49 }, (_, i) => Client.joined(server.ws, `Member-${i}`)),
  );
  for (const member of members) stack.use(member);
  const deaf = stack.use(
    await neverReader(server.ws, "Deaf", "198.51.100.1", ["general", "aside"]),
  );
  const filler = stack.use(await Client.joined(server.ws, "Filler", "aside"));
  const left = (member: Client) =>
    member.all("user_left").some(({ username }) => username === "Deaf");

  // What the deaf one does not read waits for it in a room where few are.
  const [speaker] = members;
  for (const text of talk(50)) speaker!.send({ type: "send", room: "general", text });
  for (let i = 0; i < 100 && !left(speaker!); i++) await filler.say("x".repeat(100_000), "aside");
  for (const text of talk(50)) speaker!.send({ type: "send", room: "general", text });
  for (const member of members) {
    await member.until(() => left(member), "the leaving");
    await member.until(() => member.all("chat_message").length === 100, "every line");
    assertEquals(
      member.all("chat_message").map(({ seq }) => seq),
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
  }

  const held = await scrapeUntil(server.url, (samples) => (samples.get(CLOSING) ?? 0) > 0);
  assertEquals(held.get(TOO_SLOW), 1);
  assert(held.get(CLOSING)! < MIB / 2, `${held.get(CLOSING)} bytes are held`);
  // What it was sent before it hears yet, and then why it hears no more.
  assertEquals(await deaf.closeCode(), 4000);
  await scrapeUntil(server.url, (samples) => samples.get(CLOSING) === 0);
});

Deno.test("five hundred who never read take no more than a bounded memory, and nobody's place", async () => {
  const settings = { ...SETTINGS, PARLEY_BUFFER_BYTES: String(8 * MIB), PARLEY_GRACE_S: "0" };
  await using server = await ServerProcess.listening({ settings });
  await using stack = new AsyncDisposableStack();
  const speaker = stack.use(await Client.joined(server.ws, "Speaker", "hall"));
  const listener = stack.use(await Client.joined(server.ws, "Listener", "hall"));
  const addresses = [1, 2, 3, 4].map((i) => `198.51.100.${i}`);
  const deaf = await Promise.all(Array.from(
    { length: CROWD },
    (_, i) => neverReader(server.ws, `Deaf-${i}`, addresses[i % 4]!, ["hall"]),
  ));
  for (const socket of deaf) stack.use(socket);
  const before = (await scrape(server.url)).get(RESIDENT)!;

  // What the system holds for a socket is full after about 3 MB.
  let said = 0;
  for (let closed = 0; closed < CROWD && said < 100; said++) {
    await speaker.say("x".repeat(100_000), "hall");
    if (said % 5 === 4) closed = (await scrape(server.url)).get(TOO_SLOW) ?? 0;
  }
  const spent = await scrapeUntil(server.url, (samples) => samples.get(TOO_SLOW) === CROWD);
  // Of each 64 KiB and one frame; without backpressure on what a socket is given it were about 600 MiB in all.
  const growth = spent.get(RESIDENT)! - before;
  assert(spent.get(CLOSING)! < 100 * MIB, `${spent.get(CLOSING)! / MIB} MiB are held`);
  assert(growth < 300 * MIB, `the process has grown by ${growth / MIB} MiB`);

  await listener.until(() => listener.all("chat_message").length === said, "every message");
  await using newcomer = await Client.joined(server.ws, "Newcomer", "hall");
  await newcomer.say("I got in", "hall");
  await listener.next("chat_message", ({ text }) => text === "I got in");
  const knock = async () => {
    using socket = await RawSocket.open(server.ws, { "x-forwarded-for": addresses[0]! });
    return socket.status;
  };
  assertEquals(await knock(), 503);

  // Of those whose end comes without an error the bytes count on for a while.
  for (const socket of deaf) socket[Symbol.dispose]();
  await scrapeUntil(server.url, (samples) => samples.get(CLOSING)! < spent.get(CLOSING)! / 2);
});
