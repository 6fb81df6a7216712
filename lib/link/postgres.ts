import { connect, type DriverOptions, type Sql } from "../store/postgres_driver.ts";
import { backoffS, postgresOptions, SCHEMA } from "../store/postgres_options.ts";
import { type Link, LINK_VERSION, type Post } from "./link.ts";
import { packPost } from "./postgres_payload.ts";

/** How often a connection on which nothing is sent is asked whether it lives, in milliseconds. */
const LOOK_MS = 2_000;
/** How long it may take to answer, in milliseconds. */
const PATIENCE_MS = 3_000;
/** How many payloads may wait. Posts beyond it are lost: they are hints. */
const MAX_WAITING = 1024;
/** How many payloads one transaction sends. */
const PAYLOADS_A_TRANSACTION = 64;

/** What the session of the link is set to: a notification that is lost in a crash is a hint that is lost. */
const SESSION = { application_name: "parley link", synchronous_commit: "off" } as const;

const NOTIFY = `SELECT pg_notify('${SCHEMA}', value) FROM json_array_elements_text($1::text::json)`;

/**
 * Links the instances that share a PostgreSQL database, by LISTEN and NOTIFY on a connection of its own.
 *
 * Resolves when it listens, or could not be brought to: it goes on trying, and calls `onRejoined` when it listens after
 * it did not. `address` is that of the store.
 */
export async function openPostgresLink(
  address: string,
  instance: string,
  receive: (post: Post) => void,
  onRejoined: () => void = () => {},
): Promise<Link> {
  const link = new PostgresLink(address, instance, receive, onRejoined);
  await link.listen();
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

  /** Connects and listens; tries again later if that fails. Never rejects. */
  async listen(): Promise<void> {
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
      await this.listen();
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
