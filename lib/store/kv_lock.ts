import { makeFile } from "./sqlite_file.ts";

/**
 * Holds a Deno KV file for this process, until it is disposed of or the process ends, however that is.
 *
 * Processes could share the file, but none would be told of what another one writes. Throws an `Error` of one sentence for
 * the person who runs the server if another process holds it. The lock lies beside the file, in
 * which SQLite has locks of its own.
 */
export function lockKvFile(path: string): Disposable {
  let file: Deno.FsFile;
  try {
    makeFile(path);
    file = Deno.openSync(`${path}.lock`, { create: true, write: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot open the Deno KV file ${path}: ${reason}`, { cause: error });
  }
  if (!file.tryLockSync(true)) {
    file.close();
    throw new Error(
      `Cannot open the Deno KV file ${path} as another process uses it: end that one first, or set PARLEY_STORE to a store that processes share`,
    );
  }
  return { [Symbol.dispose]: () => file.close() };
}
