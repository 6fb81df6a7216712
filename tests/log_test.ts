import { assertEquals, assertMatch } from "@std/assert";
import type { LogLevel } from "../lib/config.ts";
import { createLogger, type LogFields } from "../lib/log.ts";

function record(level: LogLevel, fields?: LogFields) {
  const out: string[] = [];
  const err: string[] = [];
  const sink = { log: (line: string) => out.push(line), error: (line: string) => err.push(line) };
  return { log: createLogger(level, { fields, now: () => 0, sink }), out, err };
}

const PREFIX = "1970-01-01T00:00:00.000Z INFO  It happened";

const FORMATS: readonly [name: string, fields: LogFields | undefined, tail: string][] = [
  ["a message alone is the line", undefined, ""],
  ["a plain value stands as it is", { room: "general", count: 3 }, " room=general count=3"],
  ["a text with spaces is quoted", { name: "Ann Lee" }, ' name="Ann Lee"'],
  ["an empty text is quoted", { name: "" }, ' name=""'],
  ["a line break makes no second record", { name: "a\nb" }, ' name="a\\nb"'],
  ["an equals sign makes no second field", { name: "a=b" }, ' name="a=b"'],
  ["an object is JSON", { limits: { a: [1] } }, ' limits={"a":[1]}'],
  ["nothing is written as such", { a: undefined, b: null }, " a=undefined b=null"],
  ["a password in a URL is hidden", { url: "redis://me:pass@h/0" }, " url=redis://***@h/0"],
  ["a token is hidden", { header: "a eyJhbGciOi.eyJzdWI.Yx-_9 b" }, ' header="a *** b"'],
];

for (const [name, fields, tail] of FORMATS) {
  Deno.test(`log: ${name}`, () => {
    const { log, out } = record("info");
    log.info("It happened", fields);
    assertEquals(out, [PREFIX + tail]);
  });
}

Deno.test("log: the fields of the logger come first in each record", () => {
  const { log, out } = record("info", { instance: "i1" });
  log.info("It happened", { room: "a" });
  assertEquals(out, [`${PREFIX} instance=i1 room=a`]);
});

Deno.test("log: an error is written with its stack, on one line, without the password in it", () => {
  const { log, err } = record("info");
  log.error("It failed", { error: new TypeError("no way to postgres://me:pass@h") });
  assertMatch(
    err.join("\n"),
    /^\S+ ERROR It failed error="TypeError: no way to postgres:\/\/\*\*\*@h\\n.*at .*"$/,
  );
});

const LEVELS: readonly [level: LogLevel, out: number, err: number][] = [
  ["debug", 2, 2],
  ["info", 1, 2],
  ["warn", 0, 2],
  ["error", 0, 1],
];

for (const [level, outLines, errLines] of LEVELS) {
  Deno.test(`log: at "${level}" ${outLines} of two calm and ${errLines} of two bad records stay`, () => {
    const { log, out, err } = record(level);
    log.debug("a");
    log.info("a");
    log.warn("a");
    log.error("a");
    assertEquals([out.length, err.length], [outLines, errLines]);
  });
}
