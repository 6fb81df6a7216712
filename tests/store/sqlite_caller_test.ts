import { assertEquals, assertRejects } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { SqliteCaller } from "../../lib/store/sqlite_caller.ts";
import { type Answer, type Call, END } from "../../lib/store/sqlite_calls.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";

/** A caller, and the other end of its port, which answers only when it is told to. */
function connect() {
  const { port1, port2 } = new MessageChannel();
  const posted: unknown[] = [];
  port2.onmessage = ({ data }) => posted.push(data === END ? END : JSON.parse(data));
  return {
    caller: new SqliteCaller(port1),
    posted,
    /** The users whom each batch that was posted releases. */
    batches: () => posted.map((batch) => (batch as Call[]).map(({ args }) => args[0])),
    answer: (...answers: Answer[]) => port2.postMessage(JSON.stringify(answers)),
    end: () => port2.postMessage(END),
    [Symbol.dispose]() {
      port1.close();
      port2.close();
    },
  };
}

/** Lets messages that were posted arrive. */
async function arrive(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

function unavailable(call: Promise<unknown>, message: string): Promise<Error> {
  return assertRejects(() => call, StoreUnavailableError, message);
}

Deno.test("SqliteCaller posts the calls of one turn together", async () => {
  using worker = connect();
  const { caller, batches } = worker;
  const calls = ["a", "b", "c"].map((user) => caller.call("release", user));
  await arrive();
  assertEquals(batches(), [["a", "b", "c"]]);
  worker.answer({ value: 1 }, { value: 2 }, { value: 3 });
  assertEquals<unknown[]>(await Promise.all(calls), [1, 2, 3]);
});

Deno.test("SqliteCaller has two batches under way, and gathers what comes meanwhile", async () => {
  using worker = connect();
  const { caller, batches } = worker;
  const calls: Promise<void>[] = [];
  for (const user of ["a", "b", "c", "d"]) {
    calls.push(caller.call("release", user));
    await arrive();
  }
  assertEquals(batches(), [["a"], ["b"]]);
  worker.answer({ value: "a" });
  await arrive();
  assertEquals(batches(), [["a"], ["b"], ["c", "d"]]);
  worker.answer({ value: "b" });
  worker.answer({ value: "c" }, { value: "d" });
  assertEquals<unknown[]>(await Promise.all(calls), ["a", "b", "c", "d"]);
});

Deno.test("SqliteCaller posts a long queue in several batches", async () => {
  using worker = connect();
  const { caller, posted } = worker;
  const calls = Array.from({ length: 1200 }, (_, i) => caller.call("release", `${i}`));
  await arrive();
  assertEquals(posted.map((batch) => (batch as Call[]).length), [512, 512]);
  worker.answer(...Array.from({ length: 512 }, () => ({ value: null })));
  await arrive();
  assertEquals(posted.map((batch) => (batch as Call[]).length), [512, 512, 176]);
  worker.answer(...Array.from({ length: 512 }, () => ({ value: null })));
  worker.answer(...Array.from({ length: 176 }, () => ({ value: null })));
  await Promise.all(calls);
});

Deno.test("SqliteCaller rejects a call that failed, and only that one", async () => {
  using worker = connect();
  const calls = ["a", "b", "c"].map((user) => worker.caller.call("release", user));
  worker.answer(
    { error: "database or disk is full", engine: true },
    { value: "b" },
    { error: "not a function", engine: false },
  );
  await unavailable(calls[0]!, "database or disk is full");
  assertEquals<unknown>(await calls[1], "b");
  const wrong = await assertRejects(() => calls[2]!, Error, "not a function");
  assertEquals(wrong instanceof StoreUnavailableError, false);
});

Deno.test("SqliteCaller gives up a Worker that does not answer for 15 s, until it does", async () => {
  using worker = connect();
  using time = new FakeTime();
  const { caller } = worker;
  const silent = caller.call("release", "a");
  await arrive();
  const late = caller.call("release", "b");
  await arrive();
  const waiting = caller.call("release", "c");
  time.tick(14_999);
  let isSettled = false;
  silent.catch(() => isSettled = true);
  await arrive();
  assertEquals(isSettled, false);
  time.tick(1);
  for (const call of [silent, late, waiting, caller.call("release", "d")]) {
    await unavailable(call, "The store does not answer");
  }
  worker.answer({ value: "a" });
  await arrive();
  const after = caller.call("release", "e");
  worker.answer({ value: "b" });
  worker.answer({ value: "e" });
  assertEquals<unknown>(await after, "e");
  assertEquals(worker.batches(), [["a"], ["b"], ["e"]]);
});

Deno.test("SqliteCaller gives a Worker that answers in time 15 s for the next answer", async () => {
  using worker = connect();
  using time = new FakeTime();
  const calls: Promise<void>[] = [];
  for (const user of ["a", "b"]) {
    calls.push(worker.caller.call("release", user));
    await arrive();
  }
  time.tick(10_000);
  worker.answer({ value: "a" });
  await calls[0];
  time.tick(10_000);
  worker.answer({ value: "b" });
  assertEquals<unknown>(await calls[1], "b");
});

Deno.test("SqliteCaller rejects all calls, made or to come, once the Worker has ended", async () => {
  using worker = connect();
  const { caller } = worker;
  const made = caller.call("release", "a");
  worker.end();
  await unavailable(made, "The store's Worker has ended");
  await unavailable(caller.call("release", "b"), "The store's Worker has ended");
  await caller.close();
});

Deno.test("SqliteCaller waits for answers when it is closed, and gives the port back", async () => {
  using worker = connect();
  const { caller, posted } = worker;
  const made = caller.call("release", "a");
  let isClosed = false;
  const closing = caller.close().then(() => isClosed = true);
  await unavailable(caller.call("release", "b"), "The store is closed");
  await arrive();
  assertEquals([isClosed, posted.length], [false, 1]);
  worker.answer({ value: "a" });
  assertEquals<unknown>(await made, "a");
  await closing;
  await arrive();
  assertEquals(posted.at(-1), END);
});
