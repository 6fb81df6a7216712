/// <reference lib="deno.worker" />
/**
 * An isolate that appends over the port it is sent, and tells the places that its messages took. Told so, it then waits
 * until the store is gone, and tells with which error.
 *
 * @module
 */
import { openSqlite } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/store.ts";
import { append, send, seqs } from "./drafts.ts";

let store: Store;

self.addEventListener("message", async ({ data }: MessageEvent<MessagePort | "wait">) => {
  if (data === "wait") {
    await untilItEnds().catch((error) => self.postMessage(error.name));
  } else {
    store = await openSqlite(":memory:", { sync: "normal", port: data });
    const id = (i: number) => `${self.name} ${i}`;
    const drafts = Array.from({ length: 100 }, (_, i) => send({ id: id(i) }));
    self.postMessage(seqs(await Promise.all(drafts.map((draft) => append(store, draft)))));
  }
});

async function untilItEnds(): Promise<never> {
  while (true) await store.rooms();
}
