import { assertEquals } from "@std/assert";
import { Outbox } from "../../static/js/state/outbox.js";
import { claim, fail, type Outgoing, remove } from "../../static/js/state/outgoing.js";

function item(nonce: string, more: Partial<Outgoing> = {}): Outgoing {
  return { nonce, kind: "send", room: "general", time: 0, text: nonce, ...more };
}

function outboxWith(...items: (string | Outgoing)[]): Outbox {
  const outbox = new Outbox();
  outbox.replace(items.map((one) => typeof one === "string" ? item(one) : one));
  return outbox;
}

const nonces = (outbox: Outbox) => outbox.items.map(({ nonce }) => nonce);

/** Sends all that can be sent, with a server that puts off some attempts: what it took, in its order. */
function deliver(outbox: Outbox, putsOff: (attempt: number) => boolean): string[] {
  const taken: string[] = [];
  for (let attempt = 0, now = 0; attempt < 100; attempt++) {
    const next = outbox.take(now);
    if (!next) {
      if (outbox.nextAt() === Infinity) break;
      now = outbox.nextAt();
    } else if (putsOff(attempt)) {
      outbox.release(next.nonce);
      outbox.hold(now + 300);
    } else {
      taken.push(next.nonce);
      outbox.confirm(next.nonce);
    }
  }
  return taken;
}

Deno.test("one thing is under way at a time, in the order in which it was done", () => {
  const outbox = outboxWith("a", "b");
  assertEquals(outbox.take(0)?.nonce, "a");
  assertEquals(outbox.take(0), undefined);
  outbox.confirm("a");
  assertEquals(outbox.take(0)?.nonce, "b");
});

Deno.test("what is held is taken when its time has come", () => {
  const outbox = outboxWith("a", "b");
  outbox.take(1_000);
  outbox.release("a");
  outbox.hold(1_300);
  assertEquals([outbox.take(1_299), outbox.nextAt()], [undefined, 1_300]);
  assertEquals(outbox.take(1_300)?.nonce, "a");
});

Deno.test("the order is kept through refusals for the moment", () => {
  const taken = deliver(outboxWith("a", "b", "c", "d"), (attempt) => attempt % 3 === 0);
  assertEquals(taken, ["a", "b", "c", "d"]);
});

Deno.test("what failed lets the others pass", () => {
  const outbox = outboxWith("a", "b");
  outbox.take(0);
  outbox.replace(fail(outbox.items, "a", "too long"));
  outbox.release("a");
  assertEquals(outbox.take(0)?.nonce, "b");
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
  outbox.confirm("a");
  outbox.take(0);
  outbox.confirm("a");
  assertEquals(outbox.take(0), undefined);
});

Deno.test("what is confirmed does not come back with a store that has not heard of it", () => {
  const outbox = outboxWith("a", "b");
  const before = outbox.items;
  outbox.confirm("a");
  outbox.replace(before);
  assertEquals(nonces(outbox), ["b"]);
  outbox.replace(remove(before, "a"));
  assertEquals(nonces(outbox), ["b"]);
});

interface Case {
  readonly name: string;
  readonly items: readonly Outgoing[];
  /** What is taken at 0, and at 5,000. */
  readonly taken: readonly [string | undefined, string | undefined];
}

const change = (more: Partial<Outgoing>) => item("d", { kind: "delete", ...more });

const CASES: readonly Case[] = [
  {
    name: "a deletion leaves when it cannot be taken back any more",
    items: [change({ id: "m1", notBefore: 5_000 })],
    taken: [undefined, "d"],
  },
  {
    name: "nothing waits for a deletion that can be taken back",
    items: [change({ id: "m1", notBefore: 5_000 }), item("a")],
    taken: ["a", undefined],
  },
  {
    name: "a message that is to be deleted does not leave; in the end its deletion ends both",
    items: [item("a"), change({ of: "a", notBefore: 5_000 })],
    taken: [undefined, "d"],
  },
  {
    name: "a message that may have arrived is sent again, and its deletion waits for the id",
    items: [item("a", { attempted: true }), change({ of: "a" })],
    taken: ["a", undefined],
  },
  {
    name: "an edit of a message that is nowhere is taken, to go away",
    items: [item("e", { kind: "edit", of: "a" })],
    taken: ["e", undefined],
  },
];

for (const { name, items, taken } of CASES) {
  Deno.test(`outbox: ${name}`, () => {
    const outbox = outboxWith(...items);
    const [first, second] = [outbox.take(0), outbox.take(5_000)];
    assertEquals([first?.nonce, second?.nonce], taken);
  });
}

Deno.test("what was claimed away is not sent", () => {
  const outbox = outboxWith("a", change({ of: "a" }));
  const taken = outbox.take(0);
  assertEquals(taken?.nonce, "d");
  outbox.replace(claim(outbox.items, "d"));
  assertEquals(nonces(outbox), []);
});
