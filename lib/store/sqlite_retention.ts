import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Retention } from "./store.ts";

/**
 * How many messages one call removes at the most: in a room of a million 0.6 ms of work at the median and 1.2 ms in the slowest of a hundred
 * calls, before a commit that costs what any commit does (measured on 2 cores).
 */
const MESSAGES_A_CALL = 50;
/** After how long one call removes no more, in milliseconds: a text that is indexed takes 1 ms to go, in all the places of its words. */
const MAX_MS = 4;
/** How many rooms one call looks at to find some: 0.8 ms if there are none. */
const ROOMS_A_CALL = 20;

interface RoomRow {
  readonly room: string;
  readonly seq: number;
  readonly messages: number;
}

interface OldMessage {
  readonly key: number;
  readonly seq: number;
  readonly time: number;
}

/** Removes from a SQLite database the messages that are not kept, a few at a time. */
export class SqliteRetention {
  readonly #rooms: StatementSync;
  readonly #oldest: StatementSync;
  readonly #deleteMessage: StatementSync;
  readonly #deleteReactions: StatementSync;
  readonly #deleteChanges: StatementSync;
  readonly #subtract: StatementSync;
  readonly #now: () => number;

  /** `db` has the schema of {@linkcode openDatabase}; `now` is in milliseconds. */
  constructor(db: DatabaseSync, now: () => number) {
    this.#now = now;
    this.#rooms = db.prepare(
      `SELECT room, seq, messages FROM room WHERE room >= ? ORDER BY room LIMIT ${
        ROOMS_A_CALL + 1
      }`,
    );
    this.#oldest = db.prepare(
      "SELECT key, seq, time FROM message WHERE room = ? ORDER BY pos LIMIT ?",
    );
    this.#deleteMessage = db.prepare("DELETE FROM message WHERE key = ?");
    this.#deleteReactions = db.prepare("DELETE FROM reaction WHERE message = ?");
    this.#deleteChanges = db.prepare("DELETE FROM change WHERE message = ?");
    this.#subtract = db.prepare("UPDATE room SET messages = messages - ? WHERE room = ?");
  }

  /** Removes messages of one of the rooms from `from` on; answers where to go on, or `undefined` at the end. */
  prune(retention: Retention, from: string): string | undefined {
    const rooms = this.#rooms.all(from) as unknown as RoomRow[];
    for (const room of rooms.slice(0, ROOMS_A_CALL)) {
      const victims = this.#victims(room, retention);
      if (victims.length === 0) continue;
      this.#subtract.run(this.#remove(victims), room.room);
      return room.room;
    }
    return rooms[ROOMS_A_CALL]?.room;
  }

  /** Removes messages for as long as there is time, one at least; answers how many. */
  #remove(victims: readonly OldMessage[]): number {
    const late = this.#now() + MAX_MS;
    let removed = 0;
    for (const { key } of victims) {
      this.#deleteReactions.run(key);
      this.#deleteChanges.run(key);
      this.#deleteMessage.run(key);
      removed++;
      if (this.#now() >= late) break;
    }
    return removed;
  }

  #victims(
    { room, seq: head, messages }: RoomRow,
    { sentBefore, perRoom }: Retention,
  ): OldMessage[] {
    if (messages <= perRoom && sentBefore <= 0) return [];
    const oldest = this.#oldest.all(room, MESSAGES_A_CALL) as unknown as OldMessage[];
    // A room's latest change is always told, so the message that it belongs to stays.
    return oldest.filter(({ seq, time }, place) =>
      seq !== head && (place < messages - perRoom || time < sentBefore)
    );
  }
}
