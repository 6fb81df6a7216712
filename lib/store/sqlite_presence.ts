import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { User } from "../model/user.ts";
import type { Beat, Claim, Move, Moved, People, Pulse } from "./store.ts";
import { SqliteNames } from "./sqlite_names.ts";
import type { SqliteStandings } from "./sqlite_standings.ts";

/** How long the lease of an instance holds that writes before its first beat, in milliseconds. */
const FIRST_LEASE_MS = 30_000;

/** Who is connected and who is in which room, in a SQLite database, under the leases of their instances. */
export class SqlitePresence {
  readonly #now: () => number;
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
  readonly #deleteOnlineAt: StatementSync;

  readonly #came: StatementSync;
  readonly #nextRev: StatementSync;
  readonly #rev: StatementSync;
  readonly #enter: StatementSync;
  readonly #leave: StatementSync;
  readonly #presentAt: StatementSync;
  readonly #people: StatementSync;

  /** `db` has the schema of {@linkcode openDatabase}; `now` is its clock, in milliseconds since 1970. */
  constructor(
    db: DatabaseSync,
    names: SqliteNames,
    standings: SqliteStandings,
    now: () => number,
  ) {
    this.#now = now;
    this.#names = names;
    this.#standings = standings;

    this.#addInstance = db.prepare(
      "INSERT INTO instance (instance, expires_at, beaten) VALUES (?, ?, 0) ON CONFLICT DO NOTHING",
    );
    this.#lease = db.prepare("SELECT beaten FROM instance WHERE instance = ?");
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
    this.#deleteOnlineAt = db.prepare("DELETE FROM online WHERE instance = ? RETURNING user_id");

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
      SELECT room, user_id AS id, username AS name FROM present WHERE instance = ?
      ORDER BY room, came`);
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
   * Removes the instances whose lease ran out, this one too, and renews its lease.
   *
   * `held` is false at the first beat of a lease: whoever had one before may have been removed by another instance.
   */
  beat({ instance, leaseMs }: Beat): Pick<Pulse, "held" | "gone" | "takenOver"> {
    const takenOver = this.#takenOver.all(instance).map((row) => String(row.user_id));
    const gone = this.#removeLapsed();
    this.#names.removeExpired();
    const lease = this.#lease.get(instance) as { beaten: number } | undefined;
    this.#renew.run(instance, this.#now() + leaseMs);
    return { held: lease?.beaten === 1, gone, takenOver };
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

  #removeLapsed(): Moved[] {
    const lapsed = this.#lapsed.all(this.#now()) as unknown as {
      instance: string;
      expires_at: number;
    }[];
    return lapsed.flatMap(({ instance, expires_at }) => {
      const online = this.#deleteOnlineAt.all(instance);
      for (const { user_id } of online) this.#keepNameIfGone(String(user_id), expires_at);
      this.#deleteInstance.run(instance);
      return this.#presentAt.all(instance).flatMap((row) => {
        const { room, id, name } = row as { room: string; id: string; name: string };
        return this.#goOut(instance, room, { id, name }) ?? [];
      });
    });
  }

  #keepNameIfGone(userId: string, since: number): void {
    if (this.#isOnline.get(userId) !== undefined) return;
    // Nobody can come back under a name that is not kept, so nobody has use for its rooms.
    if (!this.#names.keep(userId, since)) this.#standings.forget(userId);
  }
}
