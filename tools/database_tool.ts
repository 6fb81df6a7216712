import { readConfig } from "../lib/config.ts";
import { sqlitePath } from "../lib/engine.ts";

/**
 * Runs a tool that is given the path of the database which `PARLEY_STORE` names, and a file.
 *
 * What it answers is told. What it throws is told in one sentence, with exit code 1.
 */
export async function runDatabaseTool(
  name: string,
  work: (database: string, file: string) => Promise<string>,
): Promise<void> {
  try {
    const [file, ...more] = Deno.args;
    if (!file || more.length > 0) throw new Error(`Name one file: deno task ${name} FILE`);
    console.log(await work(databasePath(), file));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
}

function databasePath(): string {
  const { store } = readConfig((name) => name === "PARLEY_STORE" ? Deno.env.get(name) : undefined);
  const path = sqlitePath(store);
  if (path !== undefined && path !== ":memory:") return path;
  throw new Error(`Cannot copy the store "${store.split(":")[0]}:" as it is no file of SQLite`);
}
