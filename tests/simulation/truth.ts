import { SqliteDatabase } from "../../lib/store/sqlite_database.ts";

/** How many rows of lapsed instances one beat removes: so few that some are left where instances beat again. */
const MAX_REMOVED = 3;

/** The one database of a run. It can be wound back to what it was, as by somebody who restores a backup. */
export class Truth implements Disposable {
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

  /** The database as it now is. */
  get database(): SqliteDatabase {
    return this.#database;
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
