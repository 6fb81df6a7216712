import { assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { ReadReports } from "../../static/js/read_reports.js";

Deno.test("reading is told at once and then once a second, the latest word of each room", () => {
  using time = new FakeTime();
  const told: [string, number][] = [];
  const reports = new ReadReports((room, seq) => {
    told.push([room, seq]);
    return true;
  });
  reports.note("a", 1);
  assertEquals(told.splice(0), [["a", 1]]);
  reports.note("a", 2);
  reports.note("a", 3);
  reports.note("b", 1);
  time.tick(999);
  assertEquals(told, []);
  time.tick(1);
  assertEquals(told.splice(0), [["a", 3], ["b", 1]]);
  time.tick(10_000);
  assertEquals(told, []);
  reports.note("a", 4);
  assertEquals(told, [["a", 4]]);
  reports.stop();
});

Deno.test("what cannot be told waits for the connection", () => {
  using _time = new FakeTime();
  const told: [string, number][] = [];
  let connected = false;
  const reports = new ReadReports((room, seq) => connected && told.push([room, seq]) > 0);
  reports.note("a", 1);
  reports.note("a", 2);
  connected = true;
  reports.flush();
  assertEquals(told, [["a", 2]]);
  reports.stop();
});
