import { assertEquals } from "@std/assert";
import { Health } from "../lib/health.ts";

function health() {
  const told: string[] = [];
  const log = (message: string) => void told.push(message);
  return {
    told,
    health: new Health({ log: { info: log, warn: log }, onDoubt: () => log("doubt") }),
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
  for (let i = 0; i < 3; i++) one.doubt();
  assertEquals([one.ready, told], [false, ["doubt"]]);
  one.answered();
  assertEquals([one.ready, told], [true, ["doubt"]]);
});
