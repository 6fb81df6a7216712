import type { DatabaseSync, StatementSync } from "node:sqlite";
import { nameKey } from "../model/names.ts";
import type { User } from "../model/user.ts";
import { escapeText, unescapeText } from "./safe_text.ts";

interface Holding {
  readonly key: string;
  /** As it is written, escaped; `null` if it was held before that was noted. */
  readonly shown: string | null;
  readonly user_id: string;
  readonly keep_ms: number;
  /** `null` while the holder is connected. */
  readonly expires_at: number | null;
}

/** Who holds which name, in a SQLite database. A person holds one name, and a name has one holder. */
export class SqliteNames {
  readonly #now: () => number;
  readonly #byKey: StatementSync;
  readonly #byUser: StatementSync;
  readonly #byUsers: StatementSync;
  readonly #free: StatementSync;
  readonly #insert: StatementSync;
  readonly #keep: StatementSync;
  readonly #release: StatementSync;
  readonly #deleteExpired: StatementSync;

  /** `db` has the schema of {@linkcode openDatabase}; `now` is its clock, in milliseconds since 1970. */
  constructor(db: DatabaseSync, now: () => number) {
    this.#now = now;
    this.#byKey = db.prepare("SELECT * FROM name WHERE key = ?");
    this.#byUser = db.prepare("SELECT * FROM name WHERE user_id = ?");
    this.#byUsers = db.prepare(
      "SELECT * FROM name WHERE user_id IN (SELECT value FROM json_each(?))",
    );
    this.#free = db.prepare("DELETE FROM name WHERE key = ? OR user_id = ?");
    this.#insert = db.prepare(
      "INSERT INTO name (key, shown, user_id, keep_ms, expires_at) VALUES (?, ?, ?, ?, ?)",
    );
    this.#keep = db.prepare(
      "UPDATE name SET expires_at = ? + keep_ms WHERE user_id = ? RETURNING keep_ms",
    );
    this.#release = db.prepare(
      "UPDATE name SET keep_ms = 0, expires_at = min(expires_at, 0) WHERE user_id = ?",
    );
    this.#deleteExpired = db.prepare("DELETE FROM name WHERE expires_at <= ?");
  }

  /** Holds a name for somebody who has no connection yet; `false` if somebody else holds it. */
  reserve(user: User, keepMs: number): boolean {
    const key = nameKey(user.name);
    if (this.#isHeldByAnother(key, user.id)) return false;
    const mine = this.#of(user.id);
    if (mine?.expires_at === null) {
      this.#hold(user, mine.keep_ms, null);
    } else {
      const until = this.#now() + keepMs;
      const longest = mine?.key === key ? Math.max(mine.expires_at, until) : until;
      this.#hold(user, keepMs, longest);
    }
    return true;
  }

  /** Holds a name for somebody who is connected; `false` if somebody else holds it. */
  claim(user: User, keepMs: number): boolean {
    const key = nameKey(user.name);
    if (this.#isHeldByAnother(key, user.id)) return false;
    const mine = this.#of(user.id);
    // What one connection was promised, another one of the same person does not take away.
    const longest = mine?.expires_at === null ? Math.max(mine.keep_ms, keepMs) : keepMs;
    this.#hold(user, longest, null);
    return true;
  }

  /** Keeps the name of somebody who has had no connection since a time as long as was claimed; `false` if that is over. */
  keep(userId: string, since: number): boolean {
    const kept = this.#keep.get(since, userId) as { keep_ms: number } | undefined;
    return kept !== undefined && kept.keep_ms > 0;
  }

  /** Who holds a name now, in any case. */
  holder(name: string): User | undefined {
    const holding = this.#byKey.get(nameKey(name)) as Holding | undefined;
    return holding && this.#isHeld(holding) ? toUser(holding) : undefined;
  }

  /** Who of some people hold a name now. */
  holders(userIds: readonly string[]): User[] {
    const found = this.#byUsers.all(JSON.stringify(userIds)) as unknown as Holding[];
    return found.filter((holding) => this.#isHeld(holding)).map(toUser);
  }

  /** Frees the name of somebody, now or with their last connection. */
  release(userId: string): void {
    this.#release.run(userId);
  }

  /** Forgets the names that were kept long enough. They are free already. */
  removeExpired(): void {
    this.#deleteExpired.run(this.#now());
  }

  #isHeldByAnother(key: string, userId: string): boolean {
    const holding = this.#byKey.get(key) as Holding | undefined;
    if (holding === undefined || holding.user_id === userId) return false;
    return this.#isHeld(holding);
  }

  #isHeld({ expires_at }: Holding): boolean {
    return expires_at === null || expires_at > this.#now();
  }

  #of(userId: string): Holding | undefined {
    return this.#byUser.get(userId) as Holding | undefined;
  }

  #hold({ id, name }: User, keepMs: number, expiresAt: number | null): void {
    const key = nameKey(name);
    this.#free.run(key, id);
    this.#insert.run(key, escapeText(name), id, keepMs, expiresAt);
  }
}

function toUser({ key, shown, user_id }: Holding): User {
  return { id: user_id, name: unescapeText(shown ?? key) };
}
