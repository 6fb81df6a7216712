/**
 * A process that writes to the database in `Deno.args[0]` until it is killed, and says what was acknowledged.
 *
 * @module
 */
import { openSqlite } from "../../lib/store/sqlite.ts";
import { append, send } from "./drafts.ts";

const store = await openSqlite(Deno.args[0]!, { sync: "normal" });
while (true) {
  const appended = await append(store, send());
  if ("change" in appended) console.log(appended.change.seq);
}
