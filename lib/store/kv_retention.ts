import type { Entry, KvDatabase } from "./kv_database.ts";
import { KEYS } from "./kv_keys.ts";
import type { HeadRecord, MessageRecord, ReactionRecord } from "./kv_messages.ts";
import type { KvStandings } from "./kv_standings.ts";
import { numberOf, transact } from "./kv_transaction.ts";
import type { Retention } from "./store.ts";

/** How many messages one call removes at the most. */
const MESSAGES_A_CALL = 50;
/** How many rooms one call looks at to find some. */
const ROOMS_A_CALL = 20;
/** How many rooms that people do not come back to one call removes at the most. */
const STANDINGS_A_CALL = 50;
/** For how long the number of a store is kept that makes no changes any more, in milliseconds, and how many one call removes. */
const [MARK_KEPT_MS, MARKS_A_CALL] = [7 * 24 * 60 * 60 * 1000, 100];
/** Of how many messages that are gone one call removes what is left of them, and how many changes of each. */
const [STRIPPED_A_CALL, NOTES_A_CALL] = [10, 100];

/** Removes from Deno KV the messages that are not kept, and what is left of those that are gone, a few at a time. */
export class KvRetention {
  readonly #db: KvDatabase;
  readonly #standings: KvStandings;

  /** Writes to the database. */
  constructor(db: KvDatabase, standings: KvStandings) {
    this.#db = db;
    this.#standings = standings;
  }

  /** Removes messages of one of the rooms from `from` on; answers where to go on, or `undefined` at the end. */
  async prune(retention: Retention, from: string): Promise<string | undefined> {
    await this.#standings.removeOld(STANDINGS_A_CALL);
    await this.#removeMarks();
    const isStripped = await this.#strip();
    const rooms = (await this.#db.listAll(
      { start: KEYS.room(from), end: KEYS.room("\u{10ffff}") },
      { limit: ROOMS_A_CALL + 1 },
    )).map(({ key }) => key.at(-1) as string);
    const heads = await this.#db.getMany<HeadRecord>(rooms.map((room) => KEYS.log(room, true)));
    for (const [index, room] of rooms.slice(0, ROOMS_A_CALL).entries()) {
      if (await this.#pruneRoom(room, heads[index]!.value, retention)) return room;
    }
    return rooms[ROOMS_A_CALL] ?? (isStripped ? undefined : rooms.at(-1));
  }

  /** Whether it removed any. */
  async #pruneRoom(
    room: string,
    head: HeadRecord | null,
    retention: Retention,
  ): Promise<boolean> {
    const { sentBefore, perRoom } = retention;
    if (!head || head.messages <= perRoom && sentBefore <= 0) return false;
    const { value } = await transact(this.#db, async (tx) => {
      const head = (await tx.guard<HeadRecord>(KEYS.log(room, true)))!;
      const oldest = await this.#db.listAll<MessageRecord>(
        { start: KEYS.log(room, 0), end: KEYS.log(room, true) },
        { limit: MESSAGES_A_CALL },
      );
      const victims = oldest.map(({ value }) => value).filter(({ seq, time }, place) =>
        // A room's latest change is always told, so the message that it belongs to stays.
        seq !== head.seq && (place < head.messages - perRoom || time < sentBefore)
      );
      if (victims.length === 0) return false;
      for (const { pos, seq, id, user_id, nonce } of victims) {
        tx.delete(KEYS.log(room, pos));
        tx.delete(KEYS.place(room, id));
        if (nonce !== undefined) tx.delete(KEYS.nonce(room, user_id, nonce));
        if (seq === pos) continue;
        tx.delete(KEYS.version(room, seq));
        tx.set(KEYS.strip(room, pos), true);
      }
      const { newest, ...rest } = head;
      const stands = victims.some(({ pos }) => pos === newest?.pos) ? undefined : newest;
      tx.set(KEYS.log(room, true), {
        ...rest,
        messages: head.messages - victims.length,
        ...(stands && { newest: stands }),
      });
      return true;
    });
    return value;
  }

  async #removeMarks(): Promise<void> {
    const marks = await this.#db.listAll({ prefix: KEYS.mark() }, { limit: MARKS_A_CALL });
    const before = Date.now() - MARK_KEPT_MS;
    const old = marks.filter((mark) => numberOf(mark) < before);
    await this.#db.clear(old.map(({ key }) => key));
  }

  /** Removes changes of messages that are gone, and reactions on them, which nobody reads any more; `false` if some are left. */
  async #strip(): Promise<boolean> {
    const marks = await this.#db.listAll({ prefix: KEYS.strip() }, { limit: STRIPPED_A_CALL });
    const done = await Promise.all(marks.map((mark) => this.#stripOne(mark)));
    return marks.length < STRIPPED_A_CALL && done.every(Boolean);
  }

  async #stripOne({ key, versionstamp }: Entry<unknown>): Promise<boolean> {
    const [room, pos] = key.slice(-2) as [string, number];
    const [tombstone, noted, reactions] = await Promise.all([
      this.#db.get<MessageRecord>(KEYS.log(room, pos)),
      this.#db.listAll({ prefix: KEYS.noted(room, pos) }, { limit: NOTES_A_CALL }),
      this.#db.listAll<ReactionRecord>({ prefix: KEYS.reaction(room, pos) }, {
        limit: NOTES_A_CALL,
      }),
    ]);
    const seqs = noted.map(({ key }) => key.at(-1) as number)
      // The deletion itself is told as long as its tombstone stands.
      .filter((seq) => seq !== tombstone.value?.seq);
    await this.#db.clear([
      ...seqs.flatMap((seq) => [KEYS.change(room, seq), KEYS.noted(room, pos, seq)]),
      ...reactions.flatMap(({ key, value: { emoji, user_id } }) => [
        key,
        KEYS.reacted(room, pos, emoji, user_id),
      ]),
    ]);
    if (noted.length >= NOTES_A_CALL || reactions.length >= NOTES_A_CALL) return false;
    // A message that was pruned since is to be looked at once more.
    await this.#db.commit([{ key, versionstamp }], [{ type: "delete", key: key as Deno.KvKey }]);
    return true;
  }
}
