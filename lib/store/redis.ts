import { ErrorReply } from "redis";
import { redisChannel } from "../link/redis_channel.ts";
import { LINK_VERSION } from "../link/link.ts";
import type { Logger } from "../log.ts";
import { RedisCaller } from "./redis_caller.ts";
import { type RedisClient, RedisConnection } from "./redis_connection.ts";
import { findRisks } from "./redis_durability.ts";
import { RedisEpoch } from "./redis_epoch.ts";
import { RedisDirects } from "./redis_directs.ts";
import { RedisHistory } from "./redis_history.ts";
import { RedisLog } from "./redis_log.ts";
import { RedisNames } from "./redis_names.ts";
import { RedisPresence } from "./redis_presence.ts";
import { RedisRetention } from "./redis_retention.ts";
import { RedisRooms } from "./redis_rooms.ts";
import { RedisStandings } from "./redis_standings.ts";
import { RedisStore } from "./redis_store.ts";
import { parseRedisUrl, showRedisAddress } from "./redis_url.ts";
import type { Store } from "./store.ts";

/** The server may say nothing for 3 to 4 s while an answer is due. */
const SILENT_LOOKS = 4;
/** After how many attempts in vain it is said once more that there is no server. */
const ATTEMPTS_A_LINE = 10;

const SCRIPTS = [
  RedisEpoch,
  RedisLog,
  RedisHistory,
  RedisRooms,
  RedisNames,
  RedisPresence,
  RedisStandings,
  RedisDirects,
  RedisRetention,
].flatMap(({ scripts }) => scripts);

/** How {@linkcode openRedis} opens a store. */
export interface RedisOptions {
  /** What all keys and the channel begin with. */
  readonly prefix: string;
  /** The instance in whose name changes are published. */
  readonly instance: string;
  /** Is told when the server is lost and found again, and why it may lose messages. */
  readonly log: Pick<Logger, "info" | "warn">;
}

/**
 * Opens the store in a Redis server (6 or later) or a Valkey server.
 *
 * Rejects with a `StoreUnavailableError` if it cannot be reached, and with an `Error` of one sentence for the person
 * who runs the server if it lets nobody in under this address. Once open, the store finds a server that was away by itself.
 */
export async function openRedis(
  url: string,
  { prefix, instance, log }: RedisOptions,
): Promise<Store> {
  const address = parseRedisUrl(url);
  const where = showRedisAddress(address);
  let failures = 0;

  async function prepare(client: RedisClient): Promise<void> {
    const run = (command: readonly string[]) => client.sendCommand(command);
    await epoch.arrive(run, await runId(client));
    await Promise.all(SCRIPTS.map(({ source }) => run(["SCRIPT", "LOAD", source])));
  }
  const connection: RedisConnection = new RedisConnection({
    address,
    silentLooks: SILENT_LOOKS,
    prepare,
    onUp: () => {
      if (failures > 0) log.info("Redis can be reached again", { address: where });
      failures = 0;
    },
    onDown: (reason) => {
      if (failures++ % ATTEMPTS_A_LINE > 0) return;
      log.warn("Redis cannot be reached", { address: where, reason });
    },
  });
  const caller = new RedisCaller({
    connection,
    prefix,
    pass: () => epoch.pass,
    mend: async () => {
      await epoch.arrive((command) => connection.send(command));
      const load = ({ source }: { source: string }) => connection.send(["SCRIPT", "LOAD", source]);
      await Promise.all(SCRIPTS.map(load));
    },
  });
  const epoch: RedisEpoch = new RedisEpoch(caller, prefix);

  try {
    await connection.ready;
  } catch (error) {
    await connection.close();
    throw error;
  }
  const setting = (name: string) =>
    connection.send(["CONFIG", "GET", name]).then(
      (found) => (found as Record<string, string>)[name],
      () => undefined,
    );
  for (const risk of await findRisks(setting)) log.warn(risk, { address: where });

  return new RedisStore({
    epoch,
    log: new RedisLog({
      caller,
      channel: redisChannel(prefix, address),
      head: { v: LINK_VERSION, from: instance },
    }),
    history: new RedisHistory(caller),
    rooms: new RedisRooms(caller),
    names: new RedisNames(caller),
    presence: new RedisPresence(caller),
    standings: new RedisStandings(caller),
    directs: new RedisDirects(caller),
    retention: new RedisRetention(caller),
    close: () => connection.close(),
  });
}

/** What names this run of the server, or nothing if one may not ask. */
async function runId(client: RedisClient): Promise<string> {
  try {
    const info = String(await client.sendCommand(["INFO", "server"]));
    return /^run_id:(\w+)/m.exec(info)?.[1] ?? "";
  } catch (error) {
    if (error instanceof ErrorReply && error.message.includes("NOPERM")) return "";
    throw error;
  }
}
