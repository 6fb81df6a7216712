/**
 * The store's Worker on a disk that takes 5 ms for a commit, as one on a network does: the Worker is blocked for that
 * time, as it would be by the disk.
 *
 * @module
 */
import { SqliteDatabase } from "../../lib/store/sqlite_database.ts";
import "../../lib/store/sqlite_worker.ts";

const COMMIT_MS = 5;

const clock = new Int32Array(new SharedArrayBuffer(4));
const { transact } = SqliteDatabase.prototype;

SqliteDatabase.prototype.transact = function <T>(mode: "read" | "write", work: () => T): T {
  return transact.call(this, mode, () => {
    const result = work();
    if (mode === "write") Atomics.wait(clock, 0, 0, COMMIT_MS);
    return result;
  }) as T;
};
