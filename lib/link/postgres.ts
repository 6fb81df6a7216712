import { connect, type DriverOptions, type Sql } from "../store/postgres_driver.ts";
import { backoffS, postgresOptions, SCHEMA } from "../store/postgres_options.ts";
import { within } from "../within.ts";
import { type Link, LINK_VERSION, type Post } from "./link.ts";
import { packPost } from "./postgres_payload.ts";

/** How often a connection on which nothing is sent is asked whether it lives, in milliseconds. */
const LOOK_MS = 2_000;
/** How long it may take to answer, in milliseconds. */
const PATIENCE_MS = 3_000;
/** How often the link tells itself something before it is taken to be deaf, and how long that may take to come, in milliseconds. */
const PROBES = 5;
const PROBE_MS = 1_000;
/** How many payloads may wait. Posts beyond it are lost: they are hints. */
const MAX_WAITING = 1024;
/** How many payloads one transaction sends. */
const PAYLOADS_A_TRANSACTION = 64;

/** What the session of the link is set to: a notification that is lost in a crash is a hint that is lost. */
const SESSION = { application_name: "parley link", synchronous_commit: "off" } as const;

const DEAF =
  "Cannot link the instances over PostgreSQL: what one connection tells by NOTIFY does not reach another that listens. A pooler that pools transactions passes none on: name the server itself, or one that pools sessions";

const NOTIFY = `SELECT pg_notify('${SCHEMA}', value) FROM json_array_elements_text($1::text::json)`;

/**
 * Links the instances that share a PostgreSQL database, by LISTEN and NOTIFY on a connection of its own.
 *
 * Resolves when it listens, or could not be brought to: it goes on trying, and calls `onRejoined` when it listens after
 * it did not. `address` is that of the store. Rejects with an `Error` of one sentence for the person who runs Parley if it listens and
 * does not hear what is told over another connection.
 */
export async function openPostgresLink(
  address: string,
  instance: string,
  receive: (post: Post) => void,
  onRejoined: () => void = () => {},
): Promise<Link> {
  const link = new PostgresLink(address, instance, receive, onRejoined);
  if (!await link.open()) {
    await link.close();
    throw new Error(DEAF);
  }
  return link;
}

class PostgresLink implements Link {
  readonly changes = "heads";
  readonly #options: DriverOptions;
  readonly #onRejoined: () => void;
  readonly #waiting: string[] = [];
  #sql: Sql | undefined;
  #attempts = 0;
  #isSending = false;
  #isClosed = false;
  #onProbe = (_: unknown) => {};
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #lookTimer: ReturnType<typeof setInterval> | undefined;

  constructor(
    address: string,
    instance: string,
    receive: (post: Post) => void,
    onRejoined: () => void,
  ) {
    this.#onRejoined = onRejoined;
    this.#options = {
      ...postgresOptions(address, { max: 1, session: SESSION }),
      // It would be ended in its prime.
      max_lifetime: 0,
      onnotify: (_, payload) => {
        const post = unpack(payload);
        this.#onProbe(post);
        if (!this.#isClosed && post?.v === LINK_VERSION && post.from !== instance) receive(post);
      },
    };
  }

  post(post: Post): void {
    if (this.#sql === undefined || this.#isClosed) return;
    const room = MAX_WAITING - this.#waiting.length;
    this.#waiting.push(...packPost(post).slice(0, room));
    this.#send();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#retryTimer);
    clearInterval(this.#lookTimer);
    await this.#sql?.end({ timeout: 1 });
  }

  /** Listens, and answers whether it hears another connection; also if either could not be had. */
  async open(): Promise<boolean> {
    // A pooler may tell it to the one that sent it.
    const { onnotify: _, ...options } = this.#options;
    const other = connect(options);
    const connected = inTime(other.unsafe("SELECT 1"));
    await Promise.allSettled([this.#listen(), connected]);
    try {
      await connected;
      return await this.#hears(other);
    } catch {
      return true;
    } finally {
      other.end({ timeout: 0 }).catch(() => {});
    }
  }

  /** Whether what another connection tells comes here, as long as this one lives. Rejects if that one does not answer. */
  async #hears(other: Sql): Promise<boolean> {
    const probe = crypto.randomUUID();
    const { promise: arrived, resolve } = Promise.withResolvers<void>();
    let heard = false;
    this.#onProbe = (payload) => {
      if (payload !== probe) return;
      heard = true;
      resolve();
    };
    for (let tries = 0; tries < PROBES && !heard && this.#sql !== undefined; tries++) {
      await inTime(other.unsafe(NOTIFY, [JSON.stringify([JSON.stringify(probe)])]));
      await within(PROBE_MS, arrived);
    }
    this.#onProbe = () => {};
    return heard || this.#sql === undefined;
  }

  /** Connects and listens; tries again later if that fails. Never rejects. */
  async #listen(): Promise<void> {
    const sql: Sql = connect({ ...this.#options, onclose: () => this.#lose(sql) });
    try {
      await inTime(sql.unsafe(`LISTEN ${SCHEMA}`));
    } catch {
      return this.#listenLater(sql);
    }
    if (this.#isClosed) return void await sql.end({ timeout: 1 });
    this.#sql = sql;
    this.#attempts = 0;
    this.#lookTimer = setInterval(() => this.#look(sql), LOOK_MS);
  }

  #listenLater(sql: Sql): void {
    sql.end({ timeout: 0 }).catch(() => {});
    if (this.#isClosed) return;
    this.#attempts++;
    this.#retryTimer = setTimeout(async () => {
      await this.#listen();
      if (this.#sql !== undefined) this.#onRejoined();
    }, backoffS(this.#attempts) * 1000);
  }

  /** Connects anew in the place of a connection that was lost. */
  #lose(sql: Sql): void {
    if (sql !== this.#sql || this.#isClosed) return;
    clearInterval(this.#lookTimer);
    this.#sql = undefined;
    this.#waiting.length = 0;
    this.#listenLater(sql);
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#waiting.length > 0 && this.#sql !== undefined) {
      const payloads = this.#waiting.splice(0, PAYLOADS_A_TRANSACTION);
      await this.#ask(this.#sql, NOTIFY, [JSON.stringify(payloads)]);
    }
    this.#isSending = false;
  }

  /** A peer that is gone without a word is noticed only by asking it. */
  #look(sql: Sql): void {
    if (!this.#isSending) this.#ask(sql, "SELECT 1", []);
  }

  async #ask(sql: Sql, statement: string, args: string[]): Promise<void> {
    try {
      await inTime(sql.unsafe(statement, args, { prepare: true }));
    } catch {
      this.#lose(sql);
    }
  }
}

/** Anybody who may connect to the database may write to the channel. */
function unpack(payload: string): Post | undefined {
  try {
    return JSON.parse(payload) ?? undefined;
  } catch {
    return undefined;
  }
}

async function inTime(work: Promise<unknown>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("it does not answer")), PATIENCE_MS);
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
