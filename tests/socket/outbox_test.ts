import { assertEquals } from "@std/assert";
import { Batch } from "../../lib/chat/batch.ts";
import { Tick } from "../../lib/chat/tick.ts";
import { Meter } from "../../lib/meter.ts";
import { Outbox } from "../../lib/socket/outbox.ts";
import { CONGESTED_BYTES, type Peer, TOO_SLOW_BYTES } from "../../lib/socket/peer.ts";

function outbox({ plain = false } = {}) {
  const frames: string[] = [];
  const peer = { gone: false, waitingBytes: 0, send: (frame: string) => void frames.push(frame) };
  const meter = new Meter();
  let tooSlow = 0;
  const tick = new Tick(() => {});
  const outbox = new Outbox({
    peer: peer as unknown as Peer,
    tick,
    meter,
    plain,
    onTooSlow: () => tooSlow++,
  });
  return { outbox, tick, frames, peer, meter, tooSlow: () => tooSlow };
}

function batch(...events: (string | { passing: string })[]): Batch {
  const batch = new Batch();
  for (const event of events) {
    if (typeof event === "string") batch.add(event);
    else batch.add(event.passing, { passing: true });
  }
  return batch;
}

Deno.test("Outbox sends a room's events as the one frame that all members share", () => {
  const { outbox: box, tick, frames } = outbox();
  const shared = batch("1", "2");
  box.receive(shared, 0);
  assertEquals(frames, []);
  tick.flush();
  assertEquals(frames, ["[1,2]"]);
});

Deno.test("Outbox sends replies before what rooms tell, in one frame", () => {
  const { outbox: box, tick, frames } = outbox();
  box.receive(batch("1"), 0);
  box.reply('"ack"');
  box.receive(batch("2"), 0);
  tick.flush();
  assertEquals(frames, ['["ack",1,2]']);
});

Deno.test("Outbox sends one event alone without an array, and nothing when nothing waits", () => {
  const { outbox: box, tick, frames } = outbox();
  box.reply('"pong"');
  tick.flush();
  box.flush();
  assertEquals(frames, ['"pong"']);
});

Deno.test("Outbox leaves out what was told before its member came", () => {
  const { outbox: box, tick, frames } = outbox();
  box.receive(batch("1", "2", "3"), 2);
  tick.flush();
  assertEquals(frames, ["3"]);
});

Deno.test("Outbox of a plain member sends one frame an event", () => {
  const { outbox: box, tick, frames } = outbox({ plain: true });
  box.receive(batch("1", "2"), 0);
  tick.flush();
  assertEquals(frames, ["1", "2"]);
});

Deno.test("Outbox keeps typing and presence from a peer that reads slowly, and nothing else", () => {
  const { outbox: box, tick, frames, peer, meter } = outbox();
  peer.waitingBytes = CONGESTED_BYTES + 1;
  box.receive(batch("1", { passing: "2" }, "3"), 0);
  tick.flush();
  box.receive(batch({ passing: "4" }), 0);
  tick.flush();
  assertEquals(frames, ["[1,3]"]);
  assertEquals([meter.deliveries, meter.drops], [2, 2]);
});

Deno.test("Outbox gives up a peer that hardly reads, and sends it nothing more", () => {
  const { outbox: box, tick, frames, peer, tooSlow } = outbox();
  peer.waitingBytes = TOO_SLOW_BYTES + 1;
  box.receive(batch("1"), 0);
  tick.flush();
  assertEquals([frames, tooSlow()], [[], 1]);
});

Deno.test("Outbox sends nothing to a peer that is gone", () => {
  const { outbox: box, tick, frames, peer } = outbox();
  box.reply("1");
  peer.gone = true;
  tick.flush();
  assertEquals(frames, []);
});

Deno.test("Outbox holds everything back until it is released", () => {
  const { outbox: box, tick, frames } = outbox();
  box.hold();
  box.receive(batch("1"), 0);
  tick.flush();
  box.receive(batch("2"), 0);
  box.reply('"joined"');
  tick.flush();
  assertEquals(frames, []);
  box.release();
  tick.flush();
  assertEquals(frames, ['["joined",1,2]']);
});
