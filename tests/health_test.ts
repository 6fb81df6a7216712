import { assertEquals } from "@std/assert";
import { Health, REFUSED_MS } from "../lib/health.ts";

function health() {
  const told: string[] = [];
  const log = (message: string) => void told.push(message);
  const clock = { now: 0 };
  return {
    told,
    clock,
    health: new Health({
      log: { info: log, warn: log },
      onDoubt: () => log("doubt"),
      now: () => clock.now,
    }),
  };
}

Deno.test("Health is ready once the store has answered, until it is asked to leave", () => {
  const { health: one, told } = health();
  assertEquals(one.ready, false);
  one.answered();
  assertEquals(one.ready, true);
  one.leave();
  one.answered();
  assertEquals([one.ready, told], [false, []]);
});

Deno.test("Health tells once that the store is lost, and once that it is back", () => {
  const { health: one, told } = health();
  one.answered();
  for (let i = 0; i < 3; i++) one.missed(new Error("gone"));
  assertEquals(one.ready, false);
  for (let i = 0; i < 3; i++) one.answered();
  assertEquals(one.ready, true);
  assertEquals(told, ["The store does not answer", "The store answers again"]);
});

Deno.test("Health has the store asked once when something has failed", () => {
  const { health: one, told } = health();
  one.answered();
  for (let i = 0; i < 3; i++) one.failed(new Error("full"));
  assertEquals([one.ready, told], [false, ["doubt"]]);
});

Deno.test("Health tells once that the store answers and takes no messages, and once that it takes them", () => {
  const { health: one, told } = health();
  one.answered();
  for (let i = 0; i < 3; i++) {
    one.failed(new Error("full"));
    one.answered();
    assertEquals(one.ready, false);
  }
  for (let i = 0; i < 3; i++) one.stored();
  assertEquals(one.ready, true);
  assertEquals(told.filter((line) => line !== "doubt"), [
    "The store answers, and does not take messages",
    "The store takes messages again",
  ]);
});

Deno.test("Health is ready again some time after the last append that was refused", () => {
  const { health: one, told, clock } = health();
  one.answered();
  for (clock.now of [0, REFUSED_MS - 1]) {
    one.failed(new Error("full"));
    one.answered();
  }
  clock.now += REFUSED_MS - 1;
  assertEquals(one.ready, false);
  clock.now += 1;
  assertEquals(one.ready, true);
  one.failed(new Error("full"));
  one.answered();
  assertEquals(one.ready, false);
  assertEquals(told.filter((line) => line !== "doubt").length, 1);
});

Deno.test("Health is ready as soon as a store that was lost answers, whatever failed meanwhile", () => {
  const { health: one, told } = health();
  one.answered();
  one.failed(new Error("gone"));
  one.missed(new Error("gone"));
  one.failed(new Error("gone"));
  one.answered();
  assertEquals(one.ready, true);
  assertEquals(told, ["doubt", "The store does not answer", "The store answers again"]);
});
