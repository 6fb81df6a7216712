import { type Link, LINK_VERSION, type Post } from "./link.ts";

/**
 * Links the isolates of one process over a `BroadcastChannel`.
 *
 * `name` is the same for all instances of one store, and `instance` is the one that posts here. A receiver that is 256
 * posts behind loses some (Deno 2.9.6).
 */
export function openBroadcastChannel(
  name: string,
  instance: string,
  receive: (post: Post) => void,
): Link {
  const channel = new BroadcastChannel(name);
  let isOpen = true;
  channel.onmessage = ({ data }: MessageEvent<Post>) => {
    if (isOpen && data.v === LINK_VERSION && data.from !== instance) receive(data);
  };
  return {
    changes: "whole",
    post(post) {
      // A closed channel throws.
      if (isOpen) channel.postMessage(post);
    },
    close() {
      isOpen = false;
      channel.close();
      return Promise.resolve();
    },
  };
}
