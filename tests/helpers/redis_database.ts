import { createClient } from "redis";
import { openRedis } from "../../lib/store/redis.ts";
import type { Store } from "../../lib/store/store.ts";
import type { TestDatabase } from "../store/contract.ts";

/** Hears nothing. */
export const SILENT = { info() {}, warn() {} };

/** A logger that keeps the lines that it is told. */
export function keepLines() {
  const lines: string[] = [];
  const note = (message: string, fields = {}) => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  return { lines, log: { info: note, warn: note } };
}

/** Opens a store as an instance of a test would. */
export function open(url: string, instance = "i", prefix = "parley:"): Promise<Store> {
  return openRedis(url, { prefix, instance, log: SILENT });
}

/** A client of a test's own, to look behind a store. */
export async function look<T>(
  url: string,
  work: (run: (...command: string[]) => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const client = createClient({ url });
  await client.connect();
  try {
    return await work((...command) => client.sendCommand(command));
  } finally {
    await client.close();
  }
}

/** Keeps all keys that begin with a prefix, and answers what winds them back to that. */
export async function keep(url: string, prefix: string): Promise<() => Promise<void>> {
  const kept = `kept ${prefix}`;
  await look(url, (run) => run("EVAL", COPY, "2", prefix, kept));
  return async () => void await look(url, (run) => run("EVAL", COPY, "2", kept, prefix));
}

/** Puts copies of all keys with one prefix in the place of those with another. */
const COPY = `
local function with(prefix)
  return redis.call('KEYS', string.gsub(prefix, '[%[%]*?\\\\]', '\\\\%0') .. '*')
end
for _, key in ipairs(with(KEYS[2])) do redis.call('DEL', key) end
for _, key in ipairs(with(KEYS[1])) do
  redis.call('RESTORE', KEYS[2] .. string.sub(key, #KEYS[1] + 1), 0, redis.call('DUMP', key))
end
`;

/** An empty store for one test: the keys with a prefix of its own. */
export function prefixed(url: () => string): () => Promise<TestDatabase> {
  return () => {
    const prefix = `parley-${crypto.randomUUID().slice(0, 8)}:`;
    return Promise.resolve({
      open: () => open(url(), "i", prefix),
      keep: () => keep(url(), prefix),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  };
}
