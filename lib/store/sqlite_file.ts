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
    const { dev, ino } = Deno.statSync(path);
    return `${dev} ${ino}`;
  } catch {
    return "";
  }
}
