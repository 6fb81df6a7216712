import { assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { Meter } from "../../lib/meter.ts";
import { CONGESTED_BYTES, Pressure, type SlowPeer } from "../../lib/socket/pressure.ts";

const KIB = 1024;
const QUARTER_HOUR_MS = 15 * 60_000;

/** A peer for which so much waits; half of it stays with its socket when it is closed. */
class FakePeer implements SlowPeer {
  gone = false;
  relieved = 0;
  pumped = 0;

  constructor(readonly address: string, public waitingBytes: number) {}

  pump() {
    this.pumped++;
  }

  relieve() {
    this.relieved++;
  }

  giveUp() {
    this.gone = true;
    this.waitingBytes /= 2;
  }
}

function start({ bytesPerAddress = Infinity, bytes = Infinity }) {
  const meter = new Meter();
  const pressure = new Pressure({ bytesPerAddress, bytes, meter, now: () => Date.now() });
  const watch = (address: string, kib: number, gone = false) => {
    const peer = Object.assign(new FakePeer(address, kib * KIB), { gone });
    pressure.watch(peer);
    return peer;
  };
  return { meter, pressure, watch, [Symbol.dispose]: () => pressure.close() };
}

Deno.test("Pressure pumps a slow peer until it has read nearly all, and tells it then", () => {
  using time = new FakeTime();
  using it = start({});
  const peer = it.watch("a", 100);
  time.tick(10);
  peer.waitingBytes = 20 * KIB;
  time.tick(20);
  assertEquals([peer.pumped, peer.relieved], [2, 0]);
  peer.waitingBytes = 10 * KIB;
  time.tick(10_000);
  assertEquals([peer.pumped, peer.relieved], [3, 1]);
});

Deno.test("Pressure looks at peers that do not read four times a second, and faster once they do", () => {
  using time = new FakeTime();
  using it = start({});
  const peer = it.watch("a", 1000);
  time.tick(10_000);
  const before = peer.pumped;
  time.tick(10_000);
  assertEquals(peer.pumped - before, 40);
  peer.waitingBytes -= KIB;
  const slow = peer.pumped;
  // 0.25 s at the latest until it is noticed, and then after 10, 20, 40, 80 and 160 ms.
  time.tick(250 + 310);
  assertEquals(peer.pumped - slow >= 5, true);
});

Deno.test("Pressure closes the slowest of an address that is over its budget, and nobody else", () => {
  using it = start({ bytesPerAddress: 500 * KIB });
  const [b, c, d] = [it.watch("a", 200), it.watch("a", 300), it.watch("a", 100)];
  const other = it.watch("b", 450);
  it.pressure.beat();
  assertEquals([b, c, d, other].map(({ gone }) => gone), [false, true, false, false]);
  assertEquals(it.pressure.refuses("a"), undefined);
});

Deno.test("Pressure closes the slowest of all when the server is over its budget", () => {
  using it = start({ bytes: 600 * KIB });
  const peers = [it.watch("a", 200), it.watch("b", 300), it.watch("c", 400)];
  it.pressure.beat();
  assertEquals(peers.map(({ gone }) => gone), [false, true, true]);
});

Deno.test("Pressure closes nobody who is not congested", () => {
  using it = start({ bytesPerAddress: 1, bytes: 1 });
  const peer = it.watch("a", CONGESTED_BYTES / KIB);
  it.pressure.beat();
  assertEquals(peer.gone, false);
});

Deno.test("Pressure refuses an address whose closing sockets hold its budget, until they are gone", () => {
  using it = start({ bytesPerAddress: 100 * KIB });
  const [one] = [it.watch("a", 60, true), it.watch("a", 40, true), it.watch("b", 99, true)];
  it.pressure.beat();
  assertEquals(["a", "b", "c"].map((a) => it.pressure.refuses(a)), [
    "address",
    undefined,
    undefined,
  ]);
  it.pressure.forget(one, false);
  it.pressure.beat();
  assertEquals(it.pressure.refuses("a"), undefined);
});

Deno.test("Pressure refuses the addresses that hold the server's budget, and no others", () => {
  using it = start({ bytes: 100 * KIB });
  it.watch("a", 60, true);
  it.watch("b", 40, true);
  it.pressure.beat();
  assertEquals(["a", "b", "c"].map((address) => it.pressure.refuses(address)), [
    "server",
    "server",
    undefined,
  ]);
});

Deno.test("Pressure counts bytes that may still be held for a quarter of an hour", () => {
  using time = new FakeTime();
  using it = start({ bytesPerAddress: 100 * KIB });
  const peer = it.watch("a", 200, true);
  time.tick(10);
  it.pressure.forget(peer, true);
  time.tick(QUARTER_HOUR_MS - 500);
  assertEquals(it.pressure.refuses("a"), "address");
  time.tick(1_000);
  assertEquals(it.pressure.refuses("a"), undefined);
});

Deno.test("Pressure tells what waits, for open and for closing sockets", () => {
  using it = start({});
  it.watch("a", 100);
  it.watch("a", 20);
  it.watch("b", 10, true);
  it.pressure.beat();
  assertEquals(it.meter.waiting, {
    openBytes: 120 * KIB,
    closingBytes: 10 * KIB,
    congestedPeers: 1,
  });
});
