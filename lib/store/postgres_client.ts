import { within } from "../within.ts";
import { OverdueError } from "./group.ts";
import {
  type Argument,
  connect,
  type DriverOptions,
  type Query,
  type Row,
  type Sql,
} from "./postgres_driver.ts";
import { fellBehind, isCut, isSchemaGone, isTakenBack, toStoreError } from "./postgres_errors.ts";
import { postgresOptions, type PostgresTuning } from "./postgres_options.ts";
import { StoreUnavailableError } from "./store.ts";

/** How long a call may take, in milliseconds. The server itself ends what takes it 3 s. */
const DEADLINE_MS = 4_000;
/** How long several statements in one transaction may take, in milliseconds: they may build an index of all messages. */
const MIGRATION_MS = 60 * 60 * 1000;
/** How long calls that were answered late may still take when others go over new connections, in seconds. */
const FAREWELL_S = 5;
/** How often a transaction that fell behind others is tried. */
const ATTEMPTS = 8;

/** Does a statement, and gives its rows. */
export type Ask = (statement: string) => Promise<readonly Row[]>;

/**
 * Asks a PostgreSQL server over a few connections, which it makes anew when they are lost.
 *
 * A statement is a transaction of its own: an instance that is stopped in the middle of one holds nobody up. One that has no answer
 * after 4 s rejects, and those after it go over new connections: a peer that is gone without a word tells nothing. So do those after
 * one whose connection ended. The driver would use it again, still waiting to write what it had not written, or with the old error.
 * What was asked before and not sent yet goes with them.
 */
export class PostgresClient {
  readonly #options: DriverOptions;
  readonly #deadlineMs: number;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #queries = new Set<Query>();
  #sql: Sql;
  #restore: (() => Promise<void>) | undefined;
  #restoring: Promise<void> | undefined;
  #isOpen = true;

  /** Connects when it is first asked. Throws an `Error` for an address that is none. */
  constructor(address: string, tuning: PostgresTuning & { readonly deadlineMs?: number }) {
    this.#options = postgresOptions(address, tuning);
    this.#deadlineMs = tuning.deadlineMs ?? DEADLINE_MS;
    this.#sql = connect(this.#options);
  }

  /** `restore` is called when the schema turns out to be gone, before what failed is done again. */
  onSchemaGone(restore: () => Promise<void>): void {
    this.#restore = restore;
  }

  /** The rows that a statement gives. Rejects as {@linkcode toStoreError} says. */
  async rows<R = Row>(statement: string, args: readonly Argument[] = []): Promise<readonly R[]> {
    if (!this.#isOpen) throw new StoreUnavailableError("The store is closed");
    const asking = this.#ask(statement, args);
    this.#underWay.add(asking);
    try {
      return await asking as readonly R[];
    } catch (error) {
      throw toStoreError(error);
    } finally {
      this.#underWay.delete(asking);
    }
  }

  /** The first row that a statement gives. */
  async row<R = Row>(statement: string, args: readonly Argument[] = []): Promise<R | undefined> {
    return (await this.rows<R>(statement, args))[0];
  }

  /** The rows that a statement without arguments gives. The schema is not made for it. Rejects with what the driver does. */
  readonly ask: Ask = (statement) => this.#inTime(this.#sql.unsafe(statement));

  /**
   * Does several statements in one transaction, however long they take. Rejects with what the driver does.
   *
   * They have a connection of their own: the driver's own transactions end the process when their connection does (postgres 3.4.9).
   */
  async transact(work: (ask: Ask) => Promise<void>): Promise<void> {
    let [hasEnded, isDone] = [false, false];
    const onclose = () => hasEnded = true;
    const sql = connect({ ...this.#options, max: 1, max_lifetime: 0, onclose });
    const ask: Ask = async (statement) => {
      // It would be done over another connection, where there is no transaction.
      if (hasEnded) throw new StoreUnavailableError("The connection has ended");
      return await sql.unsafe(statement);
    };
    const transaction = async () => {
      await ask("BEGIN; SET LOCAL statement_timeout = 0");
      await work(ask);
      await ask("COMMIT");
      isDone = true;
    };
    try {
      await within(MIGRATION_MS, transaction());
      if (!isDone) throw new OverdueError();
    } finally {
      // Undoes what was not committed.
      await sql.end({ timeout: 0 });
    }
  }

  /** Waits for what was asked, and lets go of the connections. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await Promise.allSettled(this.#underWay);
    await this.#sql.end({ timeout: 1 });
  }

  async #ask(statement: string, args: readonly Argument[]): Promise<readonly unknown[]> {
    let lateAt = performance.now() + this.#deadlineMs;
    for (let attempt = 1;; attempt++) {
      const query = this.#sql.unsafe(statement, [...args], { prepare: true });
      this.#queries.add(query);
      try {
        return await this.#inTime(query, lateAt - performance.now());
      } catch (error) {
        if (attempt >= ATTEMPTS || performance.now() > lateAt) throw error;
        if (isSchemaGone(error) && this.#restore && attempt === 1) {
          await this.#restoreSchema();
          lateAt = performance.now() + this.#deadlineMs;
        } else if (!fellBehind(error) && !isTakenBack(error)) throw error;
      } finally {
        this.#queries.delete(query);
      }
    }
  }

  async #inTime<T>(work: Promise<T>, ms = this.#deadlineMs): Promise<T> {
    const sql = this.#sql;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new OverdueError());
      this.#leave(sql);
    }, ms);
    try {
      return await Promise.race([work, late]);
    } catch (error) {
      if (isCut(error)) this.#leave(sql);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks over new connections from now on, also for what was not sent yet. */
  #leave(sql: Sql): void {
    if (sql !== this.#sql) return;
    this.#sql = connect(this.#options);
    for (const query of this.#queries) if (query.state === null) query.cancel();
    sql.end({ timeout: FAREWELL_S }).catch(() => {});
  }

  #restoreSchema(): Promise<void> {
    return this.#restoring ??= this.#restore!().finally(() => this.#restoring = undefined);
  }
}
