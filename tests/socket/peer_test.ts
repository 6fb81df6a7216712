import { assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { Meter } from "../../lib/meter.ts";
import { Peer } from "../../lib/socket/peer.ts";
import { CONGESTED_BYTES, Pressure } from "../../lib/socket/pressure.ts";

/** A peer over a socket of which the test plays the other side, and what both were told. */
function peer(time: FakeTime) {
  const told: string[] = [];
  const socket = Object.assign(new EventTarget(), {
    readyState: WebSocket.OPEN,
    bufferedAmount: 0,
    send: (frame: string) => void told.push(`sent ${frame}`),
    close: (code: number) => void told.push(`closed with ${code}`),
  });
  const pressure = new Pressure({ bytesPerAddress: 1e6, bytes: 1e6, meter: new Meter() });
  const peer = new Peer(socket as unknown as WebSocket, {
    onText: (text) => void told.push(`text ${text}`),
    onBinary: () => void told.push("binary"),
    onGone: (code) => void told.push(`gone with ${code}`),
    onRelieved: () => void told.push("relieved"),
  }, { address: "a", pressure, now: () => time.now });
  const hear = (data: unknown) => socket.dispatchEvent(new MessageEvent("message", { data }));
  const end = (code: number) => socket.dispatchEvent(new CloseEvent("close", { code }));
  const fail = (message: string) => socket.dispatchEvent(new ErrorEvent("error", { message }));
  return { peer, told, hear, end, fail, socket, pressure };
}

/** Moves time, and lets the turns of the event loop pass in which the peer may act. */
async function pass(time: FakeTime, ms: number): Promise<void> {
  await time.tickAsync(ms);
  await time.runMicrotasks();
}

Deno.test("Peer closes a socket at once on which nothing comes", () => {
  using time = new FakeTime();
  const { peer: quiet, told } = peer(time);
  quiet.close(4503, "taken over");
  assertEquals(told, ["gone with 4503", "closed with 4503"]);
});

Deno.test("Peer tells of the close at once, and closes the socket when nothing comes any more", async () => {
  using time = new FakeTime();
  const { peer: busy, told, hear } = peer(time);
  hear("1");
  busy.close(4001, "flooding");
  for (let i = 0; i < 10; i++) {
    await pass(time, 10);
    hear("more");
    busy.send("nothing leaves any more");
  }
  assertEquals(told, ["text 1", "gone with 4001"]);
  await pass(time, 50);
  assertEquals(told, ["text 1", "gone with 4001", "closed with 4001"]);
});

Deno.test("Peer closes a socket on which frames never end after a second", async () => {
  using time = new FakeTime();
  const { peer: busy, told, hear } = peer(time);
  hear("1");
  busy.close(4001, "flooding");
  for (let ms = 0; ms < 990; ms += 10) {
    await pass(time, 10);
    hear("more");
  }
  assertEquals(told.includes("closed with 4001"), false);
  await pass(time, 10);
  assertEquals(told.includes("closed with 4001"), true);
});

Deno.test("Peer closes nothing that has ended meanwhile", async () => {
  using time = new FakeTime();
  const { peer: busy, told, hear, end } = peer(time);
  hear("1");
  busy.close(4001, "flooding");
  end(1000);
  await pass(time, 1_000);
  assertEquals(told, ["text 1", "gone with 4001"]);
});

Deno.test("Peer tells of a connection that broke, as the protocol calls it", () => {
  using time = new FakeTime();
  const { told, end } = peer(time);
  end(0);
  end(0);
  assertEquals(told, ["gone with 1006"]);
});

Deno.test("Peer counts refusals within 10 s as a flood, and forgets them after", () => {
  using time = new FakeTime();
  const { peer: refused, told } = peer(time);
  for (let i = 0; i < 99; i++) refused.refused();
  time.tick(10_000);
  for (let i = 0; i < 99; i++) refused.refused();
  assertEquals(told, []);
  refused.refused();
  assertEquals(told, ["gone with 4001", "closed with 4001"]);
});

Deno.test("Peer keeps frames of a slow reader back, in order, until it has read", async () => {
  using time = new FakeTime();
  const { peer: slow, told, socket } = peer(time);
  socket.bufferedAmount = CONGESTED_BYTES + 1;
  slow.sendLater(["1"]);
  slow.sendLater(["23"]);
  slow.send("4");
  assertEquals(slow.waitingBytes, CONGESTED_BYTES + 5);
  assertEquals(told, []);
  socket.bufferedAmount = 10;
  await pass(time, 10);
  assertEquals(told, ["sent 1", "sent 23", "sent 4", "relieved"]);
  assertEquals(slow.waitingBytes, 10);
  slow.send("5");
  assertEquals(told.at(-1), "sent 5");
});

Deno.test("Peer gives its socket what it kept back as soon as more comes and it takes that", async () => {
  using time = new FakeTime();
  const { peer: slow, told, socket } = peer(time);
  socket.bufferedAmount = CONGESTED_BYTES + 1;
  slow.sendLater(["1"]);
  slow.send("2");
  assertEquals(told, []);
  socket.bufferedAmount = 0;
  slow.send("3");
  assertEquals(told, ["sent 1", "sent 2", "sent 3"]);
  await pass(time, 10);
  assertEquals(told.at(-1), "relieved");
});

Deno.test("Peer gives its socket no more of what it kept back than makes it congested", async () => {
  using time = new FakeTime();
  const { peer: slow, told, socket, pressure } = peer(time);
  socket.send = (frame) => {
    told.push(frame);
    socket.bufferedAmount += CONGESTED_BYTES;
  };
  for (const frame of ["1", "2", "3"]) slow.sendLater([frame]);
  await pass(time, 10);
  assertEquals(told, ["1", "2"]);
  socket.bufferedAmount = 0;
  await pass(time, 20);
  assertEquals(told, ["1", "2", "3"]);
  pressure.close();
});

Deno.test("Peer tells that it reads again, also when nothing was kept back", async () => {
  using time = new FakeTime();
  const { peer: slow, told, socket } = peer(time);
  socket.bufferedAmount = CONGESTED_BYTES + 1;
  slow.sendLater([]);
  await pass(time, 1_000);
  assertEquals(told, []);
  socket.bufferedAmount = 0;
  await pass(time, 250);
  assertEquals(told, ["relieved"]);
});

Deno.test("Peer drops what it kept back when it is closed, and closes its socket when that is empty", async () => {
  using time = new FakeTime();
  const { peer: slow, told, socket, end } = peer(time);
  socket.bufferedAmount = 2 * CONGESTED_BYTES;
  slow.sendLater(["dropped"]);
  slow.giveUp();
  assertEquals([told, slow.waitingBytes], [["gone with 4000"], 2 * CONGESTED_BYTES]);
  await pass(time, 10_000);
  assertEquals(told, ["gone with 4000"]);
  socket.bufferedAmount = 0;
  await pass(time, 500);
  assertEquals(told, ["gone with 4000", "closed with 4000"]);
  end(4000);
});

Deno.test("Peer closes its socket at once when the server goes away, after all that waits", () => {
  using time = new FakeTime();
  const { peer: slow, told, socket, end } = peer(time);
  socket.bufferedAmount = CONGESTED_BYTES + 1;
  slow.sendLater(["bye"]);
  slow.flush();
  slow.close(1001, "the server goes away");
  assertEquals(told, ["sent bye", "gone with 1001", "closed with 1001"]);
  end(1001);
});

for (
  const [message, held] of [
    ["Connection reset by peer (os error 104)", false],
    ["No response from ping frame.", false],
    ["Failed to send frame", false],
    ["Reserved bits are not zero", true],
    ["Unexpected EOF", true],
  ] as const
) {
  Deno.test(`Peer's bytes count ${held ? "on" : "no more"} after "${message}"`, async () => {
    using time = new FakeTime();
    const { peer: slow, socket, fail, end, pressure } = peer(time);
    socket.bufferedAmount = 2e6;
    slow.giveUp();
    await pass(time, 250);
    assertEquals(pressure.refuses("a"), "address");
    fail(message);
    end(0);
    pressure.beat();
    assertEquals(pressure.refuses("a"), held ? "address" : undefined);
    pressure.close();
  });
}
