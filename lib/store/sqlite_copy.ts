import { dirname } from "node:path";
import * as sqlite from "node:sqlite";
import { SqliteConnection } from "./sqlite_connection.ts";
import { removeCompanions } from "./sqlite_file.ts";
import { assertOurs } from "./sqlite_schema.ts";

/** Whether this release of Deno can copy a database that is in use: 2.5 cannot. */
export const CAN_COPY: boolean = "backup" in sqlite;

/**
 * Copies a database as it is at one moment into a new file, also while servers write to it.
 *
 * Only its owner can read the copy, which holds the key that signs tokens. Its log has no epoch: wherever it is opened it gets one of
 * its own, since what is told there is not what was told here. Rejects with an `Error` of one sentence if `to` is there already, if
 * `from` is no database of ours, or if one of them cannot be used; nothing is left at `to` then.
 */
export async function backUp(from: string, to: string): Promise<void> {
  try {
    Deno.openSync(to, { write: true, createNew: true, mode: 0o600 }).close();
  } catch (error) {
    throw new Error(`Cannot make the backup '${to}': ${because(error)}`, { cause: error });
  }
  try {
    await copy(from, to);
  } catch (error) {
    Deno.removeSync(to);
    throw new Error(`Cannot back up the database '${from}': ${because(error)}`, { cause: error });
  }
}

/**
 * Puts a copy of a database in the place of another one, or where there is none, in one step.
 *
 * A server that is running goes over to it by itself. Rejects with an `Error` of one sentence if `from` is no database of ours, or if
 * one of them cannot be used; what is at `to` stays then.
 */
export async function restore(from: string, to: string): Promise<void> {
  let copied: string | undefined;
  try {
    const folder = dirname(to);
    Deno.mkdirSync(folder, { recursive: true });
    copied = Deno.makeTempFileSync({ dir: folder, prefix: "restoring-", suffix: ".db" });
    await copy(from, copied);
    removeCompanions(to);
    Deno.renameSync(copied, to);
  } catch (error) {
    if (copied !== undefined) Deno.removeSync(copied);
    throw new Error(`Cannot restore '${from}': ${because(error)}`, { cause: error });
  }
}

async function copy(from: string, to: string): Promise<void> {
  if (!CAN_COPY) throw new Error(`Deno ${Deno.version.deno} cannot copy it, a newer one can`);
  // SQLite would not say what is wrong with a file that is not there.
  Deno.statSync(from);
  using source = new SqliteConnection(from, { readOnly: true });
  // Held until the copy is whole: what is written meanwhile would have it begin anew.
  source.exec("BEGIN");
  assertOurs(source);
  await sqlite.backup(source, to);
  using copied = new SqliteConnection(to);
  const check = copied.prepare("PRAGMA quick_check(1)").get()?.quick_check;
  if (check !== "ok") throw new Error(`it is damaged: ${check}`);
  // So that it is one file, which can be read where nothing can be written.
  copied.exec("PRAGMA journal_mode = DELETE; DELETE FROM meta WHERE key IN ('epoch', 'file')");
}

function because(error: unknown): string {
  if (error instanceof Deno.errors.AlreadyExists) return "there is such a file already";
  return error instanceof Error ? error.message : String(error);
}
