import type { RedisAddress } from "../store/redis_url.ts";

/** The channel of the instances that share a store: channels know no databases, which are apart. */
export function redisChannel(prefix: string, { database }: Pick<RedisAddress, "database">): string {
  return `${prefix}posts:${database}`;
}
