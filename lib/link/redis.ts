import { RedisConnection } from "../store/redis_connection.ts";
import { parseRedisUrl, showRedisAddress } from "../store/redis_url.ts";
import type { Logger } from "../log.ts";
import { type Link, LINK_VERSION, type Post } from "./link.ts";
import { redisChannel } from "./redis_channel.ts";

/** A server that says nothing for 3 to 4 s is given up: to connect again costs nothing but hints. */
const SILENT_LOOKS = 3;
/** After how many attempts in vain it is said once more that there is no link. */
const ATTEMPTS_A_LINE = 10;

/** How {@linkcode openRedisLink} opens a link. */
export interface RedisLinkOptions {
  /** What the channel begins with, the same as the store's keys. */
  readonly prefix: string;
  /** The instance that posts here. */
  readonly instance: string;
  /** Is told when the link is lost and found again. */
  readonly log: Pick<Logger, "info" | "warn">;
}

/**
 * Links the instances of one Redis server by its pub/sub, over a connection of its own.
 *
 * The store publishes changes as it stores them; what else there is to tell is published here. `onRejoined` is called
 * when the connection was lost and is there again. Resolves when posts are received.
 */
export async function openRedisLink(
  url: string,
  { prefix, instance, log }: RedisLinkOptions,
  receive: (post: Post) => void,
  onRejoined?: () => void,
): Promise<Link> {
  const address = parseRedisUrl(url);
  const channel = redisChannel(prefix, address);
  const where = showRedisAddress(address);
  let [isOpen, wasUp, failures] = [true, false, 0];

  // What every post of ours begins with, the store's too.
  const ours = JSON.stringify({ v: LINK_VERSION, from: instance }).slice(0, -1);

  const hear = (text: string) => {
    if (!isOpen || text.startsWith(ours)) return;
    const post: Post = JSON.parse(text);
    if (post.v === LINK_VERSION && post.from !== instance) receive(post);
  };
  const connection = new RedisConnection({
    address,
    silentLooks: SILENT_LOOKS,
    pings: true,
    prepare: (client) => client.subscribe(channel, hear),
    onUp: () => {
      if (failures > 0) log.info("The link to the other instances holds again", { address: where });
      if (wasUp) onRejoined?.();
      [wasUp, failures] = [true, 0];
    },
    onDown: (reason) => {
      if (failures++ % ATTEMPTS_A_LINE > 0) return;
      log.warn("The link to the other instances is lost", { address: where, reason });
    },
  });
  try {
    await connection.ready;
  } catch (error) {
    await connection.close();
    throw error;
  }
  return {
    changes: "stored",
    post(post) {
      // What cannot be posted is a hint less.
      if (isOpen) connection.send(["PUBLISH", channel, JSON.stringify(post)]).catch(() => {});
    },
    async close() {
      isOpen = false;
      await connection.close();
    },
  };
}
