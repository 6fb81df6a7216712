import { monotonicUlid } from "@std/ulid";
import { SqliteDatabase } from "../../lib/store/sqlite_database.ts";

/** How many messages one transaction writes. */
const FILL = 10_000;

/** Databases whose room `general` holds so many messages: each is filled once, and then copied. */
export class StoredLog implements Disposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "parley-bench-" });

  /** Puts a database with so many messages at a path. */
  copy(messages: number, path: string): void {
    const filled = `${this.#folder}/${messages}.db`;
    if (!exists(filled)) fill(filled, messages);
    Deno.copyFileSync(filled, path);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

function fill(path: string, messages: number): void {
  const database = new SqliteDatabase(path, { sync: "normal" });
  for (let from = 0; from < messages; from += FILL) {
    const count = Math.min(FILL, messages - from);
    database.transact("write", () => database.append(drafts(count)));
  }
  // Takes what the write-ahead log holds into the one file that is copied.
  database.close();
}

function drafts(count: number) {
  return Array.from({ length: count }, () => ({
    type: "chat_message" as const,
    room: "general",
    id: monotonicUlid(),
    user_id: "somebody0000",
    username: "Somebody",
    text: "A line of talk, about as long as people write one in a chat, and a little longer",
    time: Date.now(),
  }));
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
