import { assert, assertEquals } from "@std/assert";
import { openBroadcastChannel } from "../../lib/link/broadcast_channel.ts";
import { LINK_VERSION, type Post } from "../../lib/link/link.ts";
import type { FromIsolate, ToIsolate } from "./broadcast_channel_isolate.ts";
import { linkContract, type TestCarrier } from "./contract.ts";

const ISOLATE = new URL("./broadcast_channel_isolate.ts", import.meta.url);

/** An isolate of its own whose link the test holds the other end of. */
class Isolate {
  readonly #worker = new Worker(ISOLATE, { type: "module" });
  readonly #awaited = new Map<FromIsolate["type"], () => void>();

  constructor(receive: (post: Post) => void) {
    this.#worker.onmessage = ({ data }: MessageEvent<FromIsolate>) => {
      if (data.type === "received") receive(data.post);
      else this.#awaited.get(data.type)?.();
    };
  }

  tell(message: ToIsolate): void {
    this.#worker.postMessage(message);
  }

  ask(message: ToIsolate, answer: FromIsolate["type"]): Promise<void> {
    this.tell(message);
    return new Promise((resolve) => this.#awaited.set(answer, resolve));
  }

  end(): void {
    this.#worker.terminate();
  }
}

/** Carries between links in this isolate. */
function inOneIsolate(): Promise<TestCarrier> {
  const channel = crypto.randomUUID();
  return Promise.resolve({
    connect: (instance) => (receive) => openBroadcastChannel(channel, instance, receive),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

/** Carries between links each of which is in an isolate of its own. */
function betweenIsolates(): Promise<TestCarrier> {
  const channel = crypto.randomUUID();
  const isolates: Isolate[] = [];
  return Promise.resolve({
    connect: (instance) => async (receive) => {
      const isolate = new Isolate(receive);
      isolates.push(isolate);
      await isolate.ask({ type: "open", channel, instance }, "opened");
      return {
        changes: "whole",
        post: (post) => isolate.tell({ type: "post", post }),
        close: () => isolate.ask({ type: "close" }, "closed"),
      };
    },
    [Symbol.asyncDispose]() {
      for (const isolate of isolates) isolate.end();
      return Promise.resolve();
    },
  });
}

linkContract("BroadcastChannel in one isolate", inOneIsolate);
linkContract("BroadcastChannel between isolates", betweenIsolates);

Deno.test("BroadcastChannel keeps the links of two stores apart", async () => {
  const received: string[] = [];
  const [tea, cake, other] = [["tea", "one"], ["cake", "two"], ["tea", "three"]].map(
    ([name, instance]) =>
      openBroadcastChannel(name!, instance!, ({ from }) => received.push(`${instance} < ${from}`)),
  );
  cake!.post({ v: LINK_VERSION, from: "two" });
  tea!.post({ v: LINK_VERSION, from: "one" });
  while (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  assertEquals(received, ["three < one"]);
  await Promise.all([tea, cake, other].map((link) => link!.close()));
});

Deno.test("BroadcastChannel loses posts to a receiver that is busy, and goes on", async () => {
  const sent = 2000;
  const channel = crypto.randomUUID();
  const seqs: number[] = [];
  const last = Promise.withResolvers<void>();
  const isolate = new Isolate(({ heads }) => {
    const { seq } = heads![0]!;
    seqs.push(seq);
    if (seq > sent) last.resolve();
  });
  await isolate.ask({ type: "open", channel, instance: "busy" }, "opened");
  const answered = Promise.withResolvers<Post>();
  const link = openBroadcastChannel(channel, "sender", answered.resolve);
  await isolate.ask({ type: "block", ms: 200 }, "blocking");
  const post = (seq: number) =>
    link.post({ v: LINK_VERSION, from: "sender", heads: [{ room: "general", seq }] });
  for (let seq = 1; seq <= sent; seq++) post(seq);
  // It stays behind for a while after it was busy.
  const more = setInterval(() => post(sent + 1), 20);
  await last.promise;
  clearInterval(more);
  const burst = seqs.filter((seq) => seq <= sent);
  assert(burst.length < sent, `it received all of ${sent} posts`);
  assertEquals(burst, burst.toSorted((a, b) => a - b));
  isolate.tell({ type: "post", post: { v: LINK_VERSION, from: "busy" } });
  assertEquals((await answered.promise).from, "busy");
  await link.close();
  await isolate.ask({ type: "close" }, "closed");
  isolate.end();
});
