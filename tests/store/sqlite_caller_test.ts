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
  const caller = new SqliteCaller(port1);
  return {
    caller,
    posted,
    /** The users whom each batch that was posted releases. */
    batches: () => posted.map((batch) => (batch as Call[]).map(({ args }) => args[0])),
    answer: (...answers: Answer[]) => port2.postMessage(JSON.stringify(answers)),
    end: () => port2.postMessage(END),
    [Symbol.dispose]() {
      caller.fail("The test is over");
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

Deno.test("SqliteCaller has 16 batches under way, and gathers what comes meanwhile", async () => {
  using worker = connect();
  const { caller, batches } = worker;
  const calls: Promise<void>[] = [];
  const users = Array.from({ length: 18 }, (_, i) => `user ${i}`);
  for (const user of users) {
    calls.push(caller.call("release", user));
    await arrive();
  }
  const alone = users.slice(0, 16).map((user) => [user]);
  assertEquals(batches(), alone);
  worker.answer({ value: users[0] });
  await arrive();
  assertEquals(batches(), [...alone, users.slice(16)]);
  for (const user of users.slice(1, 16)) worker.answer({ value: user });
  worker.answer(...users.slice(16).map((value) => ({ value })));
  assertEquals<unknown[]>(await Promise.all(calls), users);
});

Deno.test("SqliteCaller posts a long queue in several batches", async () => {
  using worker = connect();
  const { caller, posted } = worker;
  const calls = Array.from({ length: 16 * 512 + 176 }, (_, i) => caller.call("release", `${i}`));
  const answer = (count: number) => worker.answer(...Array(count).fill({ value: null }));
  await arrive();
  const full = Array(16).fill(512);
  assertEquals(posted.map((batch) => (batch as Call[]).length), full);
  answer(512);
  await arrive();
  assertEquals(posted.map((batch) => (batch as Call[]).length), [...full, 176]);
  for (let batch = 1; batch < 16; batch++) answer(512);
  answer(176);
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
  // All but the last are under way.
  const users = Array.from({ length: 17 }, (_, i) => `user ${i}`);
  const calls: Promise<void>[] = [];
  let isSettled = false;
  for (const user of users) {
    const call = caller.call("release", user);
    call.catch(() => isSettled = true);
    calls.push(call);
    await arrive();
  }
  time.tick(14_999);
  await arrive();
  assertEquals(isSettled, false);
  time.tick(1);
  for (const call of [...calls, caller.call("release", "too late")]) {
    await unavailable(call, "The store does not answer");
  }
  worker.answer({ value: users[0] });
  await arrive();
  const after = caller.call("release", "after");
  for (const user of users.slice(1, 16)) worker.answer({ value: user });
  worker.answer({ value: "after" });
  assertEquals<unknown>(await after, "after");
  assertEquals(worker.batches(), [...users.slice(0, 16), "after"].map((user) => [user]));
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
