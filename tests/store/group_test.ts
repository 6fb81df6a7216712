import { assertEquals, assertRejects } from "@std/assert";
import { Group, OverdueError } from "../../lib/store/group.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";

/** A group whose steps the test ends. */
function openGroup(capacity = 100) {
  const steps: (PromiseWithResolvers<readonly string[]> & { calls: readonly string[] })[] = [];
  const group = new Group<string, string>({
    perform: (calls) => {
      const step = { calls, ...Promise.withResolvers<readonly string[]>() };
      steps.push(step);
      return step.promise;
    },
    weigh: (call) => call.length,
    capacity,
  });
  const next = async () => {
    while (steps.length === 0) await Promise.resolve();
    const step = steps.shift()!;
    return { ...step, answer: () => step.resolve(step.calls.map((call) => call.toUpperCase())) };
  };
  return { group, next, steps };
}

Deno.test("Group does the calls of one turn in one step, and what comes meanwhile in the next", async () => {
  const { group, next } = openGroup();
  const first = [group.call("a"), group.call("b")];
  const step = await next();
  assertEquals(step.calls, ["a", "b"]);
  const second = [group.call("c"), group.call("d")];
  step.answer();
  assertEquals(await Promise.all(first), ["A", "B"]);
  const another = await next();
  assertEquals(another.calls, ["c", "d"]);
  another.answer();
  assertEquals(await Promise.all(second), ["C", "D"]);
  await group.settled();
});

Deno.test("Group does no more in one step than fits, but for a call that fits in none", async () => {
  const { group, next } = openGroup(3);
  const answers = Promise.all(["aa", "b", "c", "dddd", "e"].map((call) => group.call(call)));
  for (const calls of [["aa", "b"], ["c"], ["dddd"], ["e"]]) {
    const step = await next();
    assertEquals(step.calls, calls);
    step.answer();
  }
  assertEquals(await answers, ["AA", "B", "C", "DDDD", "E"]);
});

Deno.test("Group does calls one by one when one among them cannot be done", async () => {
  const { group, next } = openGroup();
  const settling = Promise.allSettled(["a", "b", "c"].map((call) => group.call(call)));
  (await next()).reject(new TypeError("together"));
  (await next()).answer();
  (await next()).reject(new TypeError("alone"));
  (await next()).answer();
  assertEquals((await settling).map(({ status }) => status), [
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
});

Deno.test("Group does nothing twice whose outcome is not known, and goes on with what waits", async () => {
  const { group, next } = openGroup();
  const lost = Promise.allSettled([group.call("a"), group.call("b")]);
  const step = await next();
  const waiting = group.call("c");
  step.reject(new StoreUnavailableError("cut"));
  assertEquals((await lost).map(({ status }) => status), ["rejected", "rejected"]);
  const another = await next();
  assertEquals(another.calls, ["c"]);
  another.answer();
  assertEquals(await waiting, "C");
});

Deno.test("Group lets nobody wait any longer behind a call that was not answered in time", async () => {
  const { group, next, steps } = openGroup();
  const late = group.call("a");
  const step = await next();
  const waiting = group.call("b");
  step.reject(new OverdueError());
  await assertRejects(() => late, StoreUnavailableError);
  await assertRejects(() => waiting, StoreUnavailableError);
  await group.settled();
  assertEquals(steps, []);
});
