/**
 * `deno task restore FILE` puts a copy of a backup in the place of the database that `PARLEY_STORE` names, also while the server runs.
 *
 * @module
 */
import { restore } from "../lib/store/sqlite_copy.ts";
import { runDatabaseTool } from "./database_tool.ts";

await runDatabaseTool("restore", async (database, file) => {
  await restore(file, database);
  return `Restored the database '${database}' from '${file}': a server that is running goes over to it in a moment`;
});
