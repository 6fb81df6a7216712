import { dirname } from "node:path";

/** Makes the folder and the file of a database, which others must not read: it holds the key that signs tokens. */
export function makeFile(path: string): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  try {
    Deno.openSync(path, { write: true, createNew: true, mode: 0o600 }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

/**
 * Tells one file from another that has taken its place: a copy that was restored, or an empty one.
 *
 * Empty for a database in memory, and for a path where there is none.
 */
export function fileIdentity(path: string): string {
  try {
    // The number of a file that was removed is soon that of another one, which was made later.
    const { ino, birthtime } = Deno.statSync(path);
    return `${ino} ${birthtime?.getTime()}`;
  } catch {
    return "";
  }
}

/** The file in which SQLite keeps what was committed and is not in the database file yet. */
export function logFile(path: string): string {
  return `${path}-wal`;
}

/** Removes what a database has left beside its place: SQLite would take it for that of the file that comes there. */
export function removeCompanions(path: string): void {
  for (const companion of [logFile(path), `${path}-shm`]) {
    try {
      Deno.removeSync(companion);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
