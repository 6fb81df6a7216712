import type { User } from "../model/user.ts";
import { inOrder, newDirectName } from "./directs.ts";
import type { KvDatabase } from "./kv_database.ts";
import { KEYS } from "./kv_keys.ts";
import { enroll } from "./kv_standings.ts";
import { transact } from "./kv_transaction.ts";
import type { Direct } from "./store.ts";

/** The rooms of two people, in Deno KV. */
export class KvDirects {
  readonly #db: KvDatabase;

  /** Writes to the database. */
  constructor(db: KvDatabase) {
    this.#db = db;
  }

  /** The direct room of two people, made if they have none: a room of both. */
  async direct(pair: readonly [User, User]): Promise<Direct> {
    const users = inOrder(pair);
    const ids = users.map(({ id }) => id) as [string, string];
    const { value } = await transact(this.#db, async (tx) => {
      const room = await tx.guard<string>(KEYS.pair(...ids)) ?? newDirectName();
      const direct: Direct = { room, users };
      tx.set(KEYS.pair(...ids), room);
      tx.set(KEYS.direct(room), direct);
      for (const id of ids) {
        tx.set(KEYS.directs(id, room), direct);
        await enroll(tx, id, room);
      }
      return direct;
    });
    return value;
  }

  /** The two of a direct room, or `undefined` if there is none of this name. */
  async directOf(room: string): Promise<Direct | undefined> {
    return (await this.#db.get<Direct>(KEYS.direct(room))).value ?? undefined;
  }

  /** A person's direct rooms, by name. */
  async directs(userId: string): Promise<Direct[]> {
    const found = await this.#db.listAll<Direct>({ prefix: KEYS.directs(userId) });
    return found.map(({ value }) => value);
  }
}
