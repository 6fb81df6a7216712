/// <reference lib="deno.worker" />
/**
 * An isolate with a link of its own: posts what it is told to, and tells what it received.
 *
 * @module
 */
import { openBroadcastChannel } from "../../lib/link/broadcast_channel.ts";
import type { Link, Post } from "../../lib/link/link.ts";

/** What the isolate is told. */
export type ToIsolate =
  | { readonly type: "open"; readonly channel: string; readonly instance: string }
  | { readonly type: "post"; readonly post: Post }
  /** Keep the event loop busy, in milliseconds. */
  | { readonly type: "block"; readonly ms: number }
  | { readonly type: "close" };

/** What the isolate tells. */
export type FromIsolate =
  | { readonly type: "opened" | "blocking" | "closed" }
  | { readonly type: "received"; readonly post: Post };

let link: Link;

function tell(message: FromIsolate): void {
  self.postMessage(message);
}

self.addEventListener("message", async ({ data }: MessageEvent<ToIsolate>) => {
  switch (data.type) {
    case "open":
      link = openBroadcastChannel(
        data.channel,
        data.instance,
        (post) => tell({ type: "received", post }),
      );
      return tell({ type: "opened" });
    case "post":
      return link.post(data.post);
    case "block":
      tell({ type: "blocking" });
      return block(data.ms);
    case "close":
      await link.close();
      return tell({ type: "closed" });
  }
});

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
