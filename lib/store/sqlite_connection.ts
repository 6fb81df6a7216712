import { DatabaseSync } from "node:sqlite";

/** A connection to a SQLite database, with what `node:sqlite` lacks in Deno 2.5: it can be let go of by `using`. */
export class SqliteConnection extends DatabaseSync {
  #isOpen = true;

  /** Lets go of the database. */
  override close(): void {
    this.#isOpen = false;
    super.close();
  }

  /** Lets go of the database, if it was not closed. */
  override [Symbol.dispose](): void {
    if (this.#isOpen) this.close();
  }

  /** Undoes the transaction that was begun, whatever has become of it. */
  rollBack(): void {
    try {
      this.exec("ROLLBACK");
    } catch {
      // After some errors, a full disk for one, the engine has done so itself.
    }
  }
}
