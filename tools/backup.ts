/**
 * `deno task backup FILE` copies the database that `PARLEY_STORE` names, also while the server runs.
 *
 * @module
 */
import { backUp } from "../lib/store/sqlite_copy.ts";
import { runDatabaseTool } from "./database_tool.ts";

await runDatabaseTool("backup", async (database, file) => {
  await backUp(database, file);
  return `Copied the database '${database}' to '${file}': it holds the key that signs tokens, keep it safe`;
});
