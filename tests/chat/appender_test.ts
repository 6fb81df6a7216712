import { assertEquals } from "@std/assert";
import { Appender, MAX_DRAFTS } from "../../lib/chat/appender.ts";
import { Tick } from "../../lib/chat/tick.ts";
import { Meter } from "../../lib/meter.ts";
import type { Draft } from "../../lib/model/change.ts";
import { type Appended, StoreUnavailableError } from "../../lib/store/store.ts";

const draft = (id: string): Draft => ({ type: "message_deleted", room: "a", id });

/** An appender over a store that chokes on drafts named "poison", and is down for those named "down". */
function openAppender() {
  const scheduled: (() => void)[] = [];
  const calls: string[][] = [];
  const failures: unknown[] = [];
  const told: string[] = [];
  const answers: string[] = [];
  let took = 0;
  const meter = new Meter();
  meter.onAppend = () => took++;
  const appender = new Appender({
    store: {
      append: (drafts) => {
        const ids = drafts.map(({ id }) => id);
        calls.push(ids);
        if (ids.includes("down")) return Promise.reject(new StoreUnavailableError("down"));
        if (ids.includes("poison")) return Promise.reject(new TypeError("choked"));
        return Promise.resolve(ids.map((id): Appended => ({ repeats: { id, seq: 1 } })));
      },
    },
    tick: new Tick((flush) => scheduled.push(flush)),
    meter,
    onStored: () => told.push("stored"),
    onUnavailable: ({ message }) => told.push(message),
    onFailure: (error) => failures.push(error),
  });
  return {
    calls,
    told,
    failures,
    answers,
    took: () => took,
    append(...ids: string[]): void {
      for (const id of ids) {
        appender.append(draft(id), (appended) => {
          answers.push(appended instanceof StoreUnavailableError ? `${id} unavailable` : id);
        });
      }
    },
    async endTurn(): Promise<void> {
      for (const flush of scheduled.splice(0)) flush();
      await new Promise((resolve) => setTimeout(resolve, 0));
    },
  };
}

Deno.test("Appender makes durable with one call what one turn asks for", async () => {
  const { append, endTurn, calls, answers, took } = openAppender();
  append("1", "2");
  append("3");
  assertEquals(calls, []);
  await endTurn();
  append("4");
  await endTurn();
  assertEquals([calls, answers, took()], [[["1", "2", "3"], ["4"]], ["1", "2", "3", "4"], 2]);
});

Deno.test("Appender does not let a flood put the store off", async () => {
  const { append, endTurn, calls, answers } = openAppender();
  const ids = Array.from({ length: MAX_DRAFTS + 1 }, (_, index) => `${index}`);
  append(...ids);
  assertEquals(calls.map(({ length }) => length), [MAX_DRAFTS]);
  await endTurn();
  assertEquals([calls.map(({ length }) => length), answers], [[MAX_DRAFTS, 1], ids]);
});

Deno.test("Appender lets a draft that the store chokes on take no other with it", async () => {
  const { append, endTurn, answers, failures } = openAppender();
  append("1", "poison", "2");
  await endTurn();
  assertEquals(answers, ["1", "poison unavailable", "2"]);
  assertEquals(failures.map(String), ["TypeError: choked"]);
});

Deno.test("Appender asks a store that is down once, since it may have done what it did not say", async () => {
  const { append, endTurn, calls, answers, failures, took } = openAppender();
  append("1", "down");
  await endTurn();
  assertEquals(calls, [["1", "down"]]);
  assertEquals([answers, failures, took()], [["1 unavailable", "down unavailable"], [], 0]);
});

Deno.test("Appender tells what becomes of each call", async () => {
  const { append, endTurn, told } = openAppender();
  for (const id of ["1", "down", "poison", "2"]) {
    append(id);
    await endTurn();
  }
  assertEquals(told, ["stored", "down", "stored"]);
});
