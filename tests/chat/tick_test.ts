import { assertEquals } from "@std/assert";
import { type Flushable, type Stage, Tick } from "../../lib/chat/tick.ts";

function ticking() {
  const scheduled: (() => void)[] = [];
  const flushed: string[] = [];
  const tick = new Tick((flush) => scheduled.push(flush));
  const work = (name: string, then?: () => void): Flushable => ({
    flush() {
      flushed.push(name);
      then?.();
    },
  });
  const run = () => {
    for (const flush of scheduled.splice(0)) flush();
  };
  return { tick, work, flushed, scheduled, run };
}

Deno.test("Tick flushes rooms, then outboxes, then the link, whatever asked first", () => {
  const { tick, work, flushed, run } = ticking();
  for (const stage of ["link", "outbox", "room"] as Stage[]) tick.request(stage, work(stage));
  assertEquals(flushed, []);
  run();
  assertEquals(flushed, ["room", "outbox", "link"]);
});

Deno.test("Tick flushes once what asks often, and schedules one flush a turn", () => {
  const { tick, work, flushed, scheduled, run } = ticking();
  const room = work("room");
  for (let i = 0; i < 5; i++) tick.request("room", room);
  assertEquals(scheduled.length, 1);
  run();
  assertEquals(flushed, ["room"]);
});

Deno.test("Tick flushes in the same turn the outboxes that a room fills", () => {
  const { tick, work, flushed, run } = ticking();
  tick.request("room", work("room", () => tick.request("outbox", work("outbox"))));
  run();
  assertEquals(flushed, ["room", "outbox"]);
});

Deno.test("Tick flushes at once when it is told to, and what comes after it in the next turn", () => {
  const { tick, work, flushed, run } = ticking();
  tick.request("room", work("first"));
  tick.flush();
  assertEquals(flushed, ["first"]);
  tick.request("room", work("second"));
  run();
  assertEquals(flushed, ["first", "second"]);
});
