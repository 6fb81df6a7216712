import { SqliteDatabase } from "../../lib/store/sqlite_database.ts";
import type { Store } from "../../lib/store/store.ts";
import type { Gate } from "./gate.ts";
import { StoreLine } from "./simulated_store.ts";
import type { World } from "./world.ts";

/** How many rows of lapsed instances one beat removes: so few that some are left where instances beat again. */
export const MAX_REMOVED = 3;

/** How an instance reaches the truth. */
export interface Line {
  /** The store as the instance sees it. */
  readonly store: Store;
  /** Whether the truth is out of reach. */
  cut: boolean;
  /** Lets go of what is under way, as the instance has died. */
  end?(): void;
}

/** The one truth of a run. It can be wound back to what it was, as by somebody who restores a backup. */
export interface Truth extends Disposable {
  /** What it holds, read at once. */
  readonly held: {
    readonly [Method in "page" | "changes" | "people"]: (
      ...args: Parameters<Store[Method]>
    ) => Awaited<ReturnType<Store[Method]>> | ReturnType<Store[Method]>;
  };
  /** The log's epoch. */
  readonly epoch: string;
  /** Keeps a copy of all. */
  keep(): void;
  /** Puts the copy in the place of what there is. */
  windBack(): void;
  /** Lets an instance reach it by its gate. */
  line(world: World, instance: string, gate: Gate): Line;
}

/** A SQLite database. */
export class SqliteTruth implements Truth {
  readonly #now: () => number;
  readonly #folder: string | undefined;
  #database: SqliteDatabase;

  /** `now` is its clock, in milliseconds since 1970. One that can be wound back lies in a file, which takes longer. */
  constructor(now: () => number, canBeWoundBack: boolean) {
    this.#now = now;
    if (canBeWoundBack) this.#folder = Deno.makeTempDirSync();
    this.#database = this.#open();
  }

  /** Lets go of the file. */
  [Symbol.dispose](): void {
    this.#database.close();
    if (this.#folder !== undefined) Deno.removeSync(this.#folder, { recursive: true });
  }

  /** What it holds. */
  get held(): SqliteDatabase {
    return this.#database;
  }

  /** Calls are late, and fail, as a whole. */
  line(world: World, instance: string, gate: Gate): Line {
    return new StoreLine(world, instance, gate, () => this.#database);
  }

  /** The log's epoch. */
  get epoch(): string {
    return this.#database.heads([]).epoch;
  }

  /** Keeps a copy of the database. */
  keep(): void {
    // Closed, it is one file.
    this.#database.close();
    Deno.copyFileSync(this.#path, this.#copy);
    this.#database = this.#open();
  }

  /** Puts the copy in the place of the database. */
  windBack(): void {
    this.#database.close();
    Deno.renameSync(this.#copy, this.#path);
    this.#database = this.#open();
  }

  get #path(): string {
    return this.#folder === undefined ? ":memory:" : `${this.#folder}/parley.db`;
  }

  get #copy(): string {
    return `${this.#path}.copy`;
  }

  #open(): SqliteDatabase {
    return new SqliteDatabase(this.#path, {
      sync: "normal",
      now: this.#now,
      maxRemoved: MAX_REMOVED,
    });
  }
}
