import { assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { Peer } from "../../lib/socket/peer.ts";

/** A peer over a socket of which the test plays the other side, and what both were told. */
function peer(time: FakeTime) {
  const told: string[] = [];
  const socket = Object.assign(new EventTarget(), {
    readyState: WebSocket.OPEN,
    bufferedAmount: 0,
    send: (frame: string) => void told.push(`sent ${frame}`),
    close: (code: number) => void told.push(`closed with ${code}`),
  });
  const peer = new Peer(socket as unknown as WebSocket, {
    onText: (text) => void told.push(`text ${text}`),
    onBinary: () => void told.push("binary"),
    onGone: (code) => void told.push(`gone with ${code}`),
  }, () => time.now);
  const hear = (data: unknown) => socket.dispatchEvent(new MessageEvent("message", { data }));
  const end = (code: number) => socket.dispatchEvent(new CloseEvent("close", { code }));
  return { peer, told, hear, end };
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
