import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { User } from "../model/user.ts";
import {
  type Beat,
  type Claim,
  MAX_REMOVED,
  type Move,
  type Moved,
  type People,
  type Pulse,
} from "./store.ts";
import { SqliteNames } from "./sqlite_names.ts";
import type { SqliteStandings } from "./sqlite_standings.ts";

/** How long the lease of an instance holds that writes before its first beat, in milliseconds. */
const FIRST_LEASE_MS = 30_000;

/** Who is connected and who is in which room, in a SQLite database, under the leases of their instances. */
export class SqlitePresence {
  readonly #now: () => number;
  readonly #maxRemoved: number;
  readonly #names: SqliteNames;
  readonly #standings: SqliteStandings;

  readonly #addInstance: StatementSync;
  readonly #lease: StatementSync;
  readonly #renew: StatementSync;
  readonly #expire: StatementSync;
  readonly #lapsed: StatementSync;
  readonly #deleteInstance: StatementSync;

  readonly #addOnline: StatementSync;
  readonly #takeOver: StatementSync;
  readonly #takenOver: StatementSync;
  readonly #isOnline: StatementSync;
  readonly #deleteOnline: StatementSync;
  readonly #onlineAt: StatementSync;

  readonly #came: StatementSync;
  readonly #nextRev: StatementSync;
  readonly #rev: StatementSync;
  readonly #enter: StatementSync;
  readonly #leave: StatementSync;
  readonly #presentAt: StatementSync;
  readonly #people: StatementSync;

  /**
   * `db` has the schema of {@linkcode openDatabase}; `now` is its clock, in milliseconds since 1970; `maxRemoved` is how
   * many rows of lapsed instances one beat removes.
   */
  constructor(
    db: DatabaseSync,
    names: SqliteNames,
    standings: SqliteStandings,
    now: () => number,
    maxRemoved = MAX_REMOVED,
  ) {
    this.#now = now;
    this.#maxRemoved = maxRemoved;
    this.#names = names;
    this.#standings = standings;

    this.#addInstance = db.prepare(
      "INSERT INTO instance (instance, expires_at, beaten) VALUES (?, ?, 0) ON CONFLICT DO NOTHING",
    );
    this.#lease = db.prepare("SELECT beaten, expires_at FROM instance WHERE instance = ?");
    this.#renew = db.prepare(`
      INSERT INTO instance (instance, expires_at, beaten) VALUES (?, ?, 1)
      ON CONFLICT DO UPDATE SET expires_at = excluded.expires_at, beaten = 1`);
    this.#expire = db.prepare("UPDATE instance SET expires_at = ? WHERE instance = ?");
    this.#lapsed = db.prepare(
      "SELECT instance, expires_at FROM instance WHERE expires_at <= ? ORDER BY expires_at",
    );
    this.#deleteInstance = db.prepare("DELETE FROM instance WHERE instance = ?");

    this.#addOnline = db.prepare(
      "INSERT INTO online (instance, user_id, taken) VALUES (?, ?, 0) ON CONFLICT DO NOTHING",
    );
    this.#takeOver = db.prepare("UPDATE online SET taken = (instance <> ?) WHERE user_id = ?");
    this.#takenOver = db.prepare(
      "UPDATE online SET taken = 0 WHERE instance = ? AND taken = 1 RETURNING user_id",
    );
    this.#isOnline = db.prepare("SELECT 1 FROM online WHERE user_id = ? LIMIT 1");
    this.#deleteOnline = db.prepare("DELETE FROM online WHERE instance = ? AND user_id = ?");
    this.#onlineAt = db.prepare("SELECT user_id FROM online WHERE instance = ? LIMIT ?");

    this.#came = db.prepare("SELECT came FROM present WHERE room = ? AND user_id = ? LIMIT 1");
    this.#nextRev = db.prepare(`
      INSERT INTO room (room, rev) VALUES (?, 1)
      ON CONFLICT DO UPDATE SET rev = rev + 1 RETURNING rev`);
    this.#rev = db.prepare("SELECT rev FROM room WHERE room = ?");
    this.#enter = db.prepare(`
      INSERT INTO present (room, user_id, instance, username, came) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING`);
    this.#leave = db.prepare(
      "DELETE FROM present WHERE room = ? AND user_id = ? AND instance = ?",
    );
    this.#presentAt = db.prepare(`
      SELECT room, id, name FROM (
        SELECT room, user_id AS id, username AS name, came FROM present WHERE instance = ? LIMIT ?
      ) ORDER BY room, came`);
    this.#people = db.prepare(`
      SELECT user_id AS id, username AS name FROM present WHERE room = ?
      GROUP BY user_id ORDER BY came`);
  }

  /** Notes people as connected at an instance; `false` for each whose name somebody else holds. */
  connect(instance: string, claims: readonly Claim[]): boolean[] {
    this.#addInstance.run(instance, this.#now() + FIRST_LEASE_MS);
    return claims.map(({ user, keepMs, takesOver }) => {
      if (!this.#names.claim(user, keepMs)) return false;
      this.#addOnline.run(instance, user.id);
      if (takesOver) this.#takeOver.run(instance, user.id);
      return true;
    });
  }

  /** Notes people as no longer connected at an instance. Where they are is for {@linkcode move} to tell. */
  disconnect(instance: string, userIds: readonly string[]): void {
    for (const userId of userIds) {
      const { changes } = this.#deleteOnline.run(instance, userId);
      if (changes > 0) this.#keepNameIfGone(userId, this.#now());
    }
  }

  /** Notes who is in which room at an instance, and numbers what can be seen of it. */
  move(instance: string, moves: readonly Move[]): (Moved | undefined)[] {
    this.#addInstance.run(instance, this.#now() + FIRST_LEASE_MS);
    return moves.map(({ room, user, on }) =>
      on ? this.#comeIn(instance, room, user) : this.#goOut(instance, room, user)
    );
  }

  /** Everyone in a room, in the order in which they came. */
  people(room: string): People {
    const { rev } = this.#rev.get(room) as { rev: number } | undefined ?? { rev: 0 };
    const users = this.#people.all(room).map((row) => ({ ...row as unknown as User }));
    return { rev, users };
  }

  /**
   * Removes the instances whose lease ran out, this one too, and renews its lease once nothing of an older one is left.
   *
   * `held` is false at the first beat of a lease: whoever had one before may have been removed by another instance.
   */
  beat({ instance, leaseMs }: Beat): Omit<Pulse, "epoch" | "heads"> {
    const now = this.#now();
    const takenOver = this.#takenOver.all(instance).map((row) => String(row.user_id));
    const { gone, more } = this.#removeLapsed(now);
    this.#names.removeExpired();
    const lease = this.#lease.get(instance) as { beaten: number; expires_at: number } | undefined;
    const goes = lease !== undefined && lease.expires_at <= now;
    if (!goes) this.#renew.run(instance, now + leaseMs);
    return { held: lease?.beaten === 1 && !goes, gone, more, takenOver };
  }

  /** Sets the end of an instance's lease, if it has one. */
  expire(instance: string, inMs: number): void {
    this.#expire.run(this.#now() + inMs, instance);
  }

  #comeIn(instance: string, room: string, user: User): Moved | undefined {
    const elsewhere = this.#came.get(room, user.id) as { came: number } | undefined;
    const came = elsewhere?.came ?? this.#number(room);
    this.#enter.run(room, user.id, instance, user.name, came);
    this.#standings.enroll(user.id, room);
    return elsewhere ? undefined : { room, user, on: true, rev: came };
  }

  #goOut(instance: string, room: string, user: User): Moved | undefined {
    const { changes } = this.#leave.run(room, user.id, instance);
    const isStillThere = changes === 0 || this.#came.get(room, user.id) !== undefined;
    return isStillThere ? undefined : { room, user, on: false, rev: this.#number(room) };
  }

  #number(room: string): number {
    return (this.#nextRev.get(room) as { rev: number }).rev;
  }

  #removeLapsed(now: number): { gone: Moved[]; more: boolean } {
    const lapsed = this.#lapsed.all(now) as unknown as { instance: string; expires_at: number }[];
    const gone: Moved[] = [];
    let left = this.#maxRemoved;
    for (const { instance, expires_at } of lapsed) {
      for (const row of this.#presentAt.all(instance, left)) {
        const { room, id, name } = row as { room: string; id: string; name: string };
        const moved = this.#goOut(instance, room, { id, name });
        if (moved) gone.push(moved);
        left--;
      }
      for (const { user_id } of this.#onlineAt.all(instance, left)) {
        if (left <= 0) break;
        this.#deleteOnline.run(instance, user_id!);
        left -= 1 + this.#keepNameIfGone(String(user_id), expires_at);
      }
      if (left <= 0) break;
      this.#deleteInstance.run(instance);
    }
    return { gone, more: left <= 0 };
  }

  /** Answers how many rooms were forgotten. */
  #keepNameIfGone(userId: string, since: number): number {
    if (this.#isOnline.get(userId) !== undefined) return 0;
    // Nobody can come back under a name that is not kept, so nobody has use for its rooms.
    return this.#names.keep(userId, since) ? 0 : this.#standings.forget(userId);
  }
}
