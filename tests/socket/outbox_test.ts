import { assertEquals } from "@std/assert";
import { Batch } from "../../lib/chat/batch.ts";
import { Tick } from "../../lib/chat/tick.ts";
import { Meter } from "../../lib/meter.ts";
import { Outbox } from "../../lib/socket/outbox.ts";
import type { Peer } from "../../lib/socket/peer.ts";
import { CONGESTED_BYTES, TOO_SLOW_BYTES } from "../../lib/socket/pressure.ts";

function outbox({ plain = false } = {}) {
  const frames: string[] = [];
  const later: string[] = [];
  let tooSlow = 0;
  const peer = {
    gone: false,
    waitingBytes: 0,
    send: (frame: string) => void frames.push(frame),
    sendLater: (frames: readonly string[]) => void later.push(...frames),
    flush: () => void frames.push(...later.splice(0)),
    giveUp: () => void tooSlow++,
  };
  const meter = new Meter();
  const tick = new Tick(() => {});
  const outbox = new Outbox({
    peer: peer as unknown as Peer,
    tick,
    meter,
    plain,
  });
  return { outbox, tick, frames, later, peer, meter, tooSlow: () => tooSlow };
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
  const { outbox: box, tick, frames, later, peer, meter } = outbox();
  peer.waitingBytes = CONGESTED_BYTES + 1;
  box.receive(batch("1", { passing: "2" }, "3"), 0);
  tick.flush();
  box.receive(batch({ passing: "4" }), 0);
  tick.flush();
  assertEquals([frames, later], [[], ["[1,3]"]]);
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

Deno.test("Outbox keeps one and the same frame back for all who read slowly", () => {
  const [one, other] = [outbox(), outbox()];
  const shared = batch("1", { passing: "2" }, "3");
  let made = 0;
  const { lasting } = shared;
  shared.lasting = (from) => (made++, lasting.call(shared, from));
  for (const { outbox: box, tick, peer } of [one, other]) {
    peer.waitingBytes = CONGESTED_BYTES + 1;
    box.receive(shared, 0);
    tick.flush();
  }
  assertEquals([one.later, other.later, made], [["[1,3]"], ["[1,3]"], 1]);
});

Deno.test("Outbox keeps replies back with what they come before", () => {
  const { outbox: box, tick, later, peer } = outbox();
  peer.waitingBytes = CONGESTED_BYTES + 1;
  box.receive(batch("1"), 0);
  box.reply('"ack"');
  tick.flush();
  assertEquals(later, ['["ack",1]']);
});

Deno.test("Outbox knows which rooms' presence it kept from the peer, and not typing", () => {
  const { outbox: box, tick, peer } = outbox();
  const move = (room: string, n: number) => ({
    passing: JSON.stringify({ type: "user_joined", room, n }),
  });
  const typing = { passing: JSON.stringify({ type: "typing", room: "c" }) };
  peer.waitingBytes = CONGESTED_BYTES + 1;
  box.receive(batch(move("a", 1), move("b", 2), typing, move("a", 3)), 0);
  tick.flush();
  assertEquals([...box.takeMissed()], [["a", move("a", 3).passing], ["b", move("b", 2).passing]]);
  assertEquals([...box.takeMissed()], []);
});

Deno.test("Outbox that is closed while it is held sends the last replies, and not what would come after one", () => {
  const { outbox: box, tick, frames } = outbox();
  box.hold();
  box.receive(batch("1"), 0);
  box.reply('"bye"');
  box.close();
  box.release();
  tick.flush();
  assertEquals(frames, ['"bye"']);
});

Deno.test("Outbox that is closed gives the socket what was kept back", () => {
  const { outbox: box, frames, peer } = outbox();
  peer.waitingBytes = CONGESTED_BYTES + 1;
  box.receive(batch("1"), 0);
  box.reply('"bye"');
  box.close();
  assertEquals(frames, ['["bye",1]']);
});
