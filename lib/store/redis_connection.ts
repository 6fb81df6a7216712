import { isIP } from "node:net";
import { createClient } from "redis";
import { type RedisAddress, showRedisAddress } from "./redis_url.ts";
import { StoreUnavailableError } from "./store.ts";

/** How long it may take to connect and be let in, in milliseconds. */
const CONNECT_MS = 3_000;
/** The shortest and the longest pause before connecting again, in milliseconds; half of each is chance. */
const [FIRST_PAUSE_MS, LAST_PAUSE_MS] = [50, 1_000];
/** How often it is looked whether the server answers, in milliseconds. */
const LOOK_MS = 1_000;
/** How long what was sent may take when the connection is closed, in milliseconds. */
const CLOSING_MS = 5_000;

/** A connection that is fresh. */
export interface RedisClient {
  /** Sends a command. */
  sendCommand(command: readonly string[]): Promise<unknown>;
  /** Has what is published on a channel heard. */
  subscribe(channel: string, hear: (text: string) => void): Promise<void>;
}

type Driver = ReturnType<typeof createDriver>;

/** How a {@linkcode RedisConnection} is made. */
export interface RedisConnectionOptions {
  /** Where to. */
  readonly address: RedisAddress;
  /** Makes a fresh connection ready; where it rejects, the connection is given up and another one tried. */
  readonly prepare: (client: RedisClient) => Promise<void>;
  /** In how many looks, of 1 s each, the server may have said nothing while an answer is due: it is then given up. */
  readonly silentLooks: number;
  /** Whether to ask for an answer at each look, so that a dead server is noticed also where nothing is sent. */
  readonly pings?: boolean;
  /** Called when a connection was made. */
  readonly onUp?: () => void;
  /** Called with the reason when a connection was lost, and each time that none could be made since. */
  readonly onDown?: (reason: string) => void;
}

interface Sent {
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One connection to Redis that is made again whenever it is lost.
 *
 * Nothing waits for a server that is away: without a connection commands reject at once, and with it each is answered
 * or rejects once the server has been silent for as long as is allowed. The driver's own timeouts end when a command
 * is written, and its reconnecting keeps a socket on which a paused server will not answer (node-redis 6.3).
 */
export class RedisConnection {
  readonly #options: RedisConnectionOptions;
  readonly #sent = new Set<Sent>();
  readonly #ready = Promise.withResolvers<void>();
  readonly #closing = new AbortController();
  #client: Driver | undefined;
  /** Gives up the connection that there is. */
  #drop = (_reason: string) => {};
  #looking: ReturnType<typeof setInterval> | undefined;
  #silentLooks = 0;
  #onEmpty = () => {};
  #kept: Promise<void>;

  /** Begins to connect. */
  constructor(options: RedisConnectionOptions) {
    this.#options = options;
    this.#ready.promise.catch(() => {});
    this.#kept = this.#keep();
  }

  /**
   * Resolves with the first connection, and rejects if the first attempt fails: with {@linkcode StoreUnavailableError},
   * unless the server answers that it will let nobody in under this address.
   */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /**
   * Sends a command. Rejects with the server's refusal, or with {@linkcode StoreUnavailableError} if there is no answer.
   */
  send(command: readonly string[]): Promise<unknown> {
    const client = this.#client;
    if (!client || this.#closing.signal.aborted) {
      const what = this.#closing.signal.aborted ? "is closed" : "cannot be made";
      return Promise.reject(new StoreUnavailableError(`The connection to Redis ${what}`));
    }
    return new Promise((resolve, reject) => {
      const sent = { resolve, reject };
      this.#sent.add(sent);
      client.sendCommand(command).then(
        (reply) => this.#settle(sent, () => resolve(reply)),
        (error) => this.#settle(sent, () => reject(error)),
      );
    });
  }

  /** Gives up the connection, if there is one, and makes another: this server is not the right one any more. */
  renew(reason: string): void {
    this.#drop(reason);
  }

  /** Waits for the answers to what was sent, and ends. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#ready.reject(new StoreUnavailableError("The connection to Redis is closed"));
    if (this.#sent.size > 0 && this.#client) {
      const emptied = new Promise<void>((resolve) => this.#onEmpty = resolve);
      const timer = setTimeout(() => this.#onEmpty(), CLOSING_MS);
      await emptied;
      clearTimeout(timer);
    }
    this.#drop("it is closed");
    await this.#kept;
  }

  #settle(sent: Sent, settle: () => void): void {
    this.#silentLooks = 0;
    // One that is not there any more was rejected with its connection.
    if (!this.#sent.delete(sent)) return;
    settle();
    if (this.#sent.size === 0) this.#onEmpty();
  }

  async #keep(): Promise<void> {
    const { onUp, onDown } = this.#options;
    let wasUp = false;
    for (let failures = 0; !this.#closing.signal.aborted; failures++) {
      try {
        const { lost } = await this.#connect();
        [wasUp, failures] = [true, 0];
        onUp?.();
        this.#ready.resolve();
        const reason = await lost;
        if (!this.#closing.signal.aborted) onDown?.(reason);
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        const reason = reasonOf(error);
        if (wasUp) onDown?.(reason);
        else this.#ready.reject(this.#refusal(reason));
      }
      await pause(failures, this.#closing.signal);
    }
  }

  /** Connects; answers what resolves to the reason when that connection is lost. */
  async #connect(): Promise<{ readonly lost: Promise<string> }> {
    const { address, prepare } = this.#options;
    const client = createDriver(address);
    const lost = Promise.withResolvers<string>();
    // A driver whose errors nobody hears throws them.
    client.on("error", (error) => lost.resolve(reasonOf(error)));
    this.#drop = lost.resolve;
    const timer = setTimeout(() => lost.resolve("It does not answer"), CONNECT_MS);
    try {
      const failed = lost.promise.then((reason) => Promise.reject(new Error(reason)));
      const prepared = client.connect().then(() => prepare(client));
      prepared.catch(() => {});
      await Promise.race([prepared, failed]);
    } catch (error) {
      destroy(client);
      throw error;
    } finally {
      clearTimeout(timer);
    }
    this.#client = client;
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
    return {
      lost: lost.promise.then((reason) => {
        this.#letGo(client, reason);
        return reason;
      }),
    };
  }

  #letGo(client: Driver, reason: string): void {
    clearInterval(this.#looking);
    this.#silentLooks = 0;
    this.#client = undefined;
    const sent = [...this.#sent];
    this.#sent.clear();
    this.#onEmpty();
    destroy(client);
    const error = new StoreUnavailableError(`The connection to Redis was lost: ${reason}`);
    for (const { reject } of sent) reject(error);
  }

  #look(): void {
    const { pings, silentLooks } = this.#options;
    if (this.#sent.size > 0) this.#silentLooks++;
    if (this.#silentLooks >= silentLooks) return this.#drop("It does not answer");
    if (pings && this.#sent.size === 0) this.send(["PING"]).catch(() => {});
  }

  #refusal(reason: string): Error {
    const sentence = `Cannot use Redis at ${showRedisAddress(this.#options.address)}: ${reason}`;
    return FINAL.test(reason) ? new Error(sentence) : new StoreUnavailableError(sentence);
  }
}

function createDriver({ host, port, tls, username, password, database }: RedisAddress) {
  return createClient({
    username,
    password,
    database,
    disableOfflineQueue: true,
    disableClientInfo: true,
    // Of Redis Enterprise; it asks the environment for what it may not read.
    maintNotifications: "disabled",
    socket: {
      host,
      port,
      connectTimeout: CONNECT_MS,
      reconnectStrategy: false,
      ...secured(tls, host),
    },
    // One timer for all that is under way is kept here, in place of one for each command.
    commandOptions: { timeout: 0 },
  });
}

function secured(tls: boolean, host: string): { tls: true; servername?: string } | undefined {
  // An address is verified too, but has no place in the greeting (RFC 6066, section 3).
  return tls ? { tls, ...(isIP(host) === 0 && { servername: host }) } : undefined;
}

function destroy(client: Driver): void {
  // It throws where it has ended by itself.
  if (client.isOpen) client.destroy();
}

/** What will not be otherwise at the next attempt. */
const FINAL =
  /\b(WRONGPASS|NOAUTH|NOPERM|DENIED|CROSSSLOT|MOVED|NEWER)\b|invalid (user name|username|password)|DB index is out of range|certificate/i;

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(", ");
  return error instanceof Error ? error.message || error.name : String(error);
}

/** Waits before the next attempt, the longer the more have failed, and not in step with the others. */
function pause(failures: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** failures, LAST_PAUSE_MS);
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, longest * (0.5 + Math.random() / 2));
    signal.addEventListener("abort", end);
  });
}
