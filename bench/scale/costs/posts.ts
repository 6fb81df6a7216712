import type { Engine } from "../../../lib/engine.ts";
import { type Link, LINK_VERSION, type Post } from "../../../lib/link/link.ts";
import type { CostMeter } from "./cost_meter.ts";
import { TEXT } from "./drafts.ts";

const LISTENERS = [1, 4, 16, 64];

/** What a post costs by the instances that hear it, one post at a time. */
export async function measurePosts(meter: CostMeter, engine: Engine): Promise<void> {
  const links: Link[] = [];
  let missing = 0;
  let onAll = () => {};
  const hear = () => {
    if (--missing === 0) onAll();
  };
  try {
    for (const count of LISTENERS) {
      while (links.length < count) links.push(await engine.openLink(hear));
      const name = `a post to ${count} ${count === 1 ? "instance" : "instances"}`;
      await meter.measure(name, async () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        [missing, onAll] = [count, resolve];
        links[0]!.post(makePost(links[0]!));
        await promise;
        return 1;
      });
    }
  } finally {
    for (const link of links) await link.close();
  }
}

/** What an instance tells the others of a message that it has stored; from none of those that listen. */
function makePost({ changes }: Link): Post {
  const post = { v: LINK_VERSION, from: "elsewhere" };
  if (changes === "heads") return { ...post, heads: [{ room: "general", seq: 1_000_000 }] };
  return {
    ...post,
    changes: [{
      type: "chat_message",
      room: "general",
      seq: 1_000_000,
      id: "01JD0000000000000000000000",
      user_id: "01JD0000000000000000000001",
      username: "Somebody",
      text: TEXT,
      time: 1_764_000_000_000,
    }],
  };
}
