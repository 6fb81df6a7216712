import { assertEquals } from "@std/assert";
import { Outbox } from "../../static/js/state/outbox.js";

function outboxWith(...nonces: string[]): Outbox {
  const outbox = new Outbox();
  for (const nonce of nonces) outbox.add({ nonce, text: nonce, time: 0 });
  return outbox;
}

const LATER = { code: "rate_limited", message: "too fast", retry_after_ms: 300 };
const NEVER = { code: "too_long", message: "too long" };

/** Sends all that can be sent, with a server that refuses some attempts: what it took, in its order. */
function deliver(
  outbox: Outbox,
  refuses: (nonce: string, attempt: number) => typeof LATER | undefined,
) {
  const taken: string[] = [];
  for (let attempt = 0, now = 0; attempt < 100 && outbox.waiting; attempt++) {
    const item = outbox.take(now);
    if (!item) {
      now = outbox.heldUntil;
      continue;
    }
    const refusal = refuses(item.nonce, attempt);
    if (refusal) outbox.refuse(item.nonce, refusal, now);
    else {
      taken.push(item.nonce);
      outbox.remove(item.nonce);
    }
  }
  return taken;
}

Deno.test("one message is under way at a time, in the order in which they were said", () => {
  const outbox = outboxWith("a", "b");
  assertEquals(outbox.take(0)?.nonce, "a");
  assertEquals(outbox.take(0), undefined);
  outbox.remove("a");
  assertEquals(outbox.take(0)?.nonce, "b");
});

Deno.test("a passing refusal holds the message and all behind it for as long as the server says", () => {
  const outbox = outboxWith("a", "b");
  outbox.take(1_000);
  outbox.refuse("a", LATER, 1_000);
  assertEquals([outbox.take(1_299), outbox.heldUntil], [undefined, 1_300]);
  assertEquals(outbox.take(1_300)?.nonce, "a");
});

Deno.test("the order is kept through refusals for the moment", () => {
  const outbox = outboxWith("a", "b", "c", "d");
  const taken = deliver(outbox, (_, attempt) => attempt % 3 === 0 ? LATER : undefined);
  assertEquals(taken, ["a", "b", "c", "d"]);
});

Deno.test("an outcome that is not known is tried again under the same nonce", () => {
  const outbox = outboxWith("a");
  outbox.take(0);
  outbox.refuse("a", { code: "unavailable", message: "" }, 0);
  assertEquals(outbox.take(999), undefined);
  assertEquals(outbox.take(1_000)?.nonce, "a");
});

Deno.test("a refusal for good fails the message and lets the others pass", () => {
  const outbox = outboxWith("a", "b");
  outbox.take(0);
  outbox.refuse("a", NEVER, 0);
  assertEquals(outbox.get("a")?.failed, "too long");
  assertEquals(outbox.take(0)?.nonce, "b");
});

Deno.test("a failed message that is tried again goes to the end, one that is given up is gone", () => {
  const outbox = outboxWith("a", "b");
  outbox.take(0);
  outbox.refuse("a", NEVER, 0);
  outbox.retry("a");
  assertEquals(outbox.items.map(({ nonce, failed }) => [nonce, failed]), [["b", undefined], [
    "a",
    undefined,
  ]]);
  outbox.remove("a");
  assertEquals(outbox.items.map(({ nonce }) => nonce), ["b"]);
});

Deno.test("what was under way when the connection was lost is sent again first", () => {
  const outbox = outboxWith("a", "b");
  outbox.take(0);
  outbox.interrupt();
  assertEquals(outbox.take(0)?.nonce, "a");
});

Deno.test("a late answer to an older attempt does not free the one under way", () => {
  const outbox = outboxWith("a", "b", "c");
  outbox.take(0);
  outbox.remove("a");
  outbox.take(0);
  outbox.remove("a");
  assertEquals(outbox.take(0), undefined);
});
