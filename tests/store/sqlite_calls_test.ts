import { assertEquals } from "@std/assert";
import { type Draft, numbered } from "../../lib/model/change.ts";
import {
  answerCalls,
  type Call,
  encodeAnswers,
  unpackAppended,
} from "../../lib/store/sqlite_calls.ts";
import type { SqliteDatabase } from "../../lib/store/sqlite_database.ts";
import type { Appended } from "../../lib/store/store.ts";
import { send } from "./drafts.ts";

type Fault = "begin" | "commit";

/** As `node:sqlite` throws it. */
function engineError(message: string): Error {
  return Object.assign(new Error(message), { code: "ERR_SQLITE_ERROR" });
}

/** A database whose calls note their argument, and which fails where it is told to. */
function noting(faults: readonly (Fault | undefined)[] = []) {
  const committed: string[][] = [];
  const modes: string[] = [];
  let noted: string[] = [];
  const note = (text: string) => {
    if (text.startsWith("engine")) throw engineError(text);
    if (text.startsWith("program")) throw new TypeError(text);
    noted.push(text);
    return text.toUpperCase();
  };
  const database = {
    transact(mode: string, work: () => unknown) {
      const fault = faults[modes.length];
      modes.push(mode);
      noted = [];
      if (fault === "begin") throw engineError("database is locked");
      const result = work();
      if (fault === "commit") throw engineError("disk I/O error");
      committed.push(noted);
      return result;
    },
    release: note,
    people: note,
    secret: () => new Uint8Array([1, 2]),
  };
  return { database: database as unknown as SqliteDatabase, committed, modes };
}

function release(...texts: string[]): Call[] {
  return texts.map((text) => ({ method: "release", args: [text] }));
}

const LOCKED = { error: "database is locked", engine: true };
const IO_ERROR = { error: "disk I/O error", engine: true };

Deno.test("answerCalls does all calls in one transaction", () => {
  const { database, committed } = noting();
  const answers = answerCalls(database, release("a", "b", "c"));
  assertEquals(answers, [{ value: "A" }, { value: "B" }, { value: "C" }]);
  assertEquals(committed, [["a", "b", "c"]]);
});

Deno.test("answerCalls has nothing to do for no calls", () => {
  const { database, modes } = noting();
  assertEquals(answerCalls(database, []), []);
  assertEquals(modes, []);
});

Deno.test("answerCalls asks for a writing transaction only if one of the calls writes", () => {
  const people: Call = { method: "people", args: ["general"] };
  const { database, modes } = noting();
  answerCalls(database, [people, people]);
  answerCalls(database, [people, ...release("a"), people]);
  assertEquals(modes, ["read", "write"]);
});

Deno.test("encodeAnswers writes bytes as numbers, and changes as the number that the asker does not know", () => {
  const { database } = noting();
  const secret: Call = { method: "secret", args: [] };
  const drafts: Draft[] = [
    { ...send({ nonce: "n" }), reply_to: "1" },
    { type: "message_deleted", room: "a", id: "2" },
    { type: "reaction", room: "a", id: "3", emoji: "👍", user_id: "u", on: true },
  ];
  const appended: Appended[] = [
    { change: numbered(drafts[0]!, 7) },
    { refused: "not_found" },
    { repeats: { id: "3", seq: 4 } },
  ];
  const calls: Call[] = [secret, { method: "append", args: [drafts] }, secret];
  const answers = [...answerCalls(database, [secret]), { value: appended }, {
    error: "no",
    engine: true,
  }];
  const [bytes, packed, failure] = JSON.parse(encodeAnswers(calls, answers));
  assertEquals([bytes, failure], [{ value: [1, 2] }, { error: "no", engine: true }]);
  assertEquals(packed.value[0], 7);
  assertEquals(unpackAppended(drafts, packed.value), appended);
});

Deno.test("answerCalls does the other calls without those that fail, in order", () => {
  const { database, committed } = noting();
  const calls = release("a", "b", "engine is full", "c", "program is wrong", "engine again", "d");
  assertEquals(answerCalls(database, calls), [
    { value: "A" },
    { value: "B" },
    { error: "engine is full", engine: true },
    { value: "C" },
    { error: "program is wrong", engine: false },
    { error: "engine again", engine: true },
    { value: "D" },
  ]);
  assertEquals(committed.flat(), ["a", "b", "c", "d"]);
});

Deno.test("answerCalls answers call by call when all fail", () => {
  const { database, committed } = noting();
  const calls = release(...Array.from({ length: 600 }, (_, i) => `engine ${i}`));
  const answers = answerCalls(database, calls);
  assertEquals(answers, calls.map((_, i) => ({ error: `engine ${i}`, engine: true })));
  assertEquals(committed, []);
});

Deno.test("answerCalls has failed with every call whose transaction cannot begin", () => {
  const { database, modes } = noting(["begin"]);
  assertEquals(answerCalls(database, release("a", "b")), [LOCKED, LOCKED]);
  assertEquals(modes.length, 1);
});

Deno.test("answerCalls has failed with every call whose commit fails, and does none again", () => {
  const { database, committed, modes } = noting(["commit"]);
  assertEquals(answerCalls(database, release("a", "b")), [IO_ERROR, IO_ERROR]);
  assertEquals([committed, modes.length], [[], 1]);
});

Deno.test("answerCalls answers each call when the engine fails while it does calls again", () => {
  const calls = release("a", "engine is full", "b");
  const full = { error: "engine is full", engine: true };
  const again = noting([undefined, "commit"]);
  assertEquals(answerCalls(again.database, calls), [IO_ERROR, full, { value: "B" }]);
  assertEquals(again.committed, [["b"]]);
  const rest = noting([undefined, undefined, "begin"]);
  assertEquals(answerCalls(rest.database, calls), [{ value: "A" }, full, LOCKED]);
});
