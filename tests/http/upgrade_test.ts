import { assert, assertEquals } from "@std/assert";
import { type HandshakeHeaders, RawSocket } from "../helpers/raw_socket.ts";
import { startServer } from "../helpers/server.ts";

const V1 = { "sec-websocket-protocol": "parley.v1" };

const HANDSHAKES: readonly [
  name: string,
  status: number,
  headers: HandshakeHeaders,
  answered?: Readonly<Record<string, string | null>>,
][] = [
  ["no subprotocol is plain mode", 101, {}, { "sec-websocket-protocol": null }],
  ["the subprotocol is chosen", 101, V1, V1],
  ["the subprotocol is chosen among others", 101, {
    "sec-websocket-protocol": "chat, parley.v1,parley.token.abc",
  }, V1],
  ["the header's value may be in capitals", 101, { upgrade: "WebSocket" }],
  ["another subprotocol is none of ours", 400, { "sec-websocket-protocol": "chat" }],
  ["a token alone is no subprotocol", 400, { "sec-websocket-protocol": "parley.token.abc" }],
  ["the subprotocol is written in small letters", 400, { "sec-websocket-protocol": "Parley.v1" }],
  ["without an upgrade it is told to ask for one", 426, { upgrade: null }, {
    upgrade: "websocket",
  }],
  ["another upgrade is none", 426, { upgrade: "h2c" }, { upgrade: "websocket" }],
  ["another version is told the right one", 426, { "sec-websocket-version": "8" }, {
    "sec-websocket-version": "13",
  }],
  ["no version is told the right one", 426, { "sec-websocket-version": null }, {
    "sec-websocket-version": "13",
  }],
  ["a key is needed", 400, { "sec-websocket-key": null }],
  ["a connection that is to be upgraded is needed", 400, { connection: "close" }],
  ["a page of its own may connect", 101, { origin: "http://chat.test", host: "chat.test" }],
  ["a page that is named may connect", 101, { origin: "https://named.test" }],
  ["a page of another origin may not", 403, { origin: "https://foreign.test" }],
  ["a page of another port may not", 403, { origin: "http://chat.test:81", host: "chat.test" }],
  ["a page without an origin may not", 403, { origin: "null" }],
];

for (const [name, status, headers, answered = {}] of HANDSHAKES) {
  Deno.test(`upgrade: ${name}`, async () => {
    await using server = await startServer({ PARLEY_ORIGINS: "https://named.test" });
    using socket = await RawSocket.open(`${server.ws}?username=Alice`, headers);
    assertEquals(socket.status, status);
    if (status !== 101) {
      assertEquals(socket.headers.get("content-type"), "application/problem+json");
    }
    for (const [header, value] of Object.entries(answered)) {
      assertEquals(socket.headers.get(header), value);
    }
  });
}

Deno.test("upgrade: a connection that was refused takes no place of its address", async () => {
  await using server = await startServer({ PARLEY_CONNECTIONS_PER_ADDRESS: "1" });
  for (const header of ["sec-websocket-key", "upgrade"]) {
    using refused = await RawSocket.open(server.ws, { [header]: null });
    assert(refused.status >= 400);
  }
  using socket = await RawSocket.open(`${server.ws}?username=Alice`);
  assertEquals(socket.status, 101);
});

Deno.test("upgrade: a connection gives back one place, however it ends", async () => {
  await using server = await startServer({ PARLEY_CONNECTIONS_PER_ADDRESS: "40" });
  using stack = new DisposableStack();
  const open = async (name: string) =>
    stack.use(await RawSocket.open(`${server.ws}?username=${name}`)).status;
  for (let i = 0; i < 20; i++) assertEquals(await open(`early-${i}`), 101);
  for (let i = 0; i < 200; i++) await RawSocket.knock(`${server.ws}?username=early-0`, i % 3);

  // 20 places are left, as soon as the server has seen that nobody waits at the door.
  let opened = 0;
  for (const late = Date.now() + 5_000; opened < 20 && Date.now() < late;) {
    if (await open(`late-${opened}`) === 101) opened++;
  }
  assertEquals([opened, await open("one-too-many")], [20, 429]);
});

Deno.test("upgrade: a plain request is told what is spoken here", async () => {
  await using server = await startServer();
  const response = await fetch(`${server.url}/ws`);
  assertEquals([response.status, response.headers.get("upgrade")], [426, "websocket"]);
  const { status, code } = await response.json();
  assertEquals([status, code], [426, "bad_request"]);
});
