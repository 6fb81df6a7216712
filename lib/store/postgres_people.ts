import { nameKey } from "../model/names.ts";
import type { User } from "../model/user.ts";
import { Group } from "./group.ts";
import type { PostgresClient } from "./postgres_client.ts";
import { lock } from "./postgres_locks.ts";
import { escapeText, unescapeText } from "./safe_text.ts";
import type { Beat, Claim, Head, Mark, Move, Moved, Pulse } from "./store.ts";

/** How many calls one transaction does at the most: others wait for their turn meanwhile. */
const CALLS_A_TRANSACTION = 100;

/**
 * Does calls that concern people, one after another, and answers each.
 *
 * Everything about people, at all instances, is done one transaction at a time: who may have a name, who was the last
 * to leave and whose lease ran out hang together in too many ways to be locked row by row.
 */
export const PEOPLE_FUNCTIONS = `
  CREATE FUNCTION withdraw(of_user text, from_room text) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    DELETE FROM standing WHERE user_id = of_user AND room = from_room
    AND NOT EXISTS (SELECT FROM present WHERE room = from_room AND user_id = of_user);
  END $$;

  -- A mark only ever rises, and never past the head.
  CREATE FUNCTION mark(marks json) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE standing SET read = greatest(read, least(one.seq,
      coalesce((SELECT room.seq FROM room WHERE room.room = one.room), 0)))
    FROM (
      SELECT "userId" AS user_id, room, max(seq) AS seq
      FROM json_to_recordset(marks) AS mark("userId" text, room text, seq bigint)
      GROUP BY 1, 2
    ) one
    WHERE standing.user_id = one.user_id AND standing.room = one.room;
  END $$;

  CREATE FUNCTION tell(calls json) RETURNS json LANGUAGE plpgsql AS $$
  DECLARE
    call json;
    answer json;
    answers json[] := '{}';
  BEGIN
    PERFORM ${lock("people")};
    FOR call IN SELECT value FROM json_array_elements(calls) LOOP
      answer := NULL;
      CASE call->>0
      WHEN 'open' THEN PERFORM note_server();
      WHEN 'reserve' THEN answer := to_json(reserve(call->>1, call->>2, (call->>3)::bigint));
      WHEN 'release' THEN PERFORM release(call->>1);
      WHEN 'connect' THEN answer := connect(call->>1, call->2);
      WHEN 'disconnect' THEN PERFORM disconnect(call->>1, call->2);
      WHEN 'move' THEN answer := move(call->>1, call->2);
      WHEN 'withdraw' THEN PERFORM withdraw(call->>1, call->>2);
      WHEN 'mark' THEN PERFORM mark(call->1);
      WHEN 'beat' THEN answer := beat(call->>1, (call->>2)::bigint, call->3);
      WHEN 'expire' THEN
        UPDATE instance SET expires_at = now_ms() + (call->>2)::bigint WHERE instance = call->>1;
      WHEN 'renew' THEN
        IF call->>1 = (SELECT value FROM meta WHERE key = 'epoch') THEN PERFORM set_epoch(); END IF;
      END CASE;
      answers := array_append(answers, answer);
    END LOOP;
    RETURN array_to_json(answers);
  END $$;`;

/** A call as it crosses: its name, and what it is given. */
type Call = readonly [name: string, ...args: unknown[]];

/** Where rooms stand, as it crosses. */
export interface PackedLog {
  /** The log's epoch. */
  readonly epoch: string;
  /** The numbers of the rooms that were asked for, in that order. */
  readonly heads: readonly (readonly [seq: number, rev: number])[];
}

interface PackedPulse {
  readonly held: boolean;
  readonly gone: readonly { room: string; user: string; name: string; rev: number }[];
  readonly more: boolean;
  readonly takenOver: readonly string[];
  readonly log: PackedLog;
}

/** Tells the database of people: one transaction after another, each for all that came while the one before it was under way. */
export class PostgresPeople {
  readonly #group: Group<Call, unknown>;

  /** The database behind `client` has the schema. */
  constructor(client: PostgresClient) {
    this.#group = new Group({
      perform: async (calls) => {
        const row = await client.row<{ answers: readonly unknown[] }>(
          "SELECT tell_named($1::text::json) AS answers",
          [JSON.stringify(calls)],
        );
        return row!.answers;
      },
      capacity: CALLS_A_TRANSACTION,
    });
  }

  /** Notes which server this is: the log gets a new epoch if it was another one before. */
  async open(): Promise<void> {
    await this.#call("open");
  }

  /** Holds a name for somebody who has no connection yet. */
  reserve({ id, name }: User, keepMs: number): Promise<boolean> {
    return this.#call("reserve", keyOf(name), id, keepMs, escapeText(name));
  }

  /** Frees the name of somebody, now or with their last connection. */
  async release(userId: string): Promise<void> {
    await this.#call("release", userId);
  }

  /** Notes people as connected at an instance. */
  connect(instance: string, claims: readonly Claim[]): Promise<readonly boolean[]> {
    const packed = claims.map(({ user, keepMs, takesOver }) => ({
      key: keyOf(user.name),
      user: user.id,
      keepMs,
      takesOver,
      shown: escapeText(user.name),
    }));
    return this.#call("connect", instance, packed);
  }

  /** Notes people as no longer connected at an instance. */
  async disconnect(instance: string, userIds: readonly string[]): Promise<void> {
    await this.#call("disconnect", instance, userIds);
  }

  /** Notes who is in which room at an instance. */
  async move(instance: string, moves: readonly Move[]): Promise<readonly (Moved | undefined)[]> {
    const packed = moves.map(({ room, user, on }) => ({
      room,
      user: user.id,
      name: escapeText(user.name),
      on,
    }));
    const revs = await this.#call<readonly (number | null)[]>("move", instance, packed);
    return moves.map((move, i) => {
      const rev = revs[i] ?? undefined;
      return rev === undefined ? undefined : { ...move, rev };
    });
  }

  /** Takes a room off a person's rooms, unless they are still in it. */
  async withdraw(userId: string, room: string): Promise<void> {
    await this.#call("withdraw", userId, room);
  }

  /** Notes how far people have read. */
  async mark(marks: readonly Mark[]): Promise<void> {
    if (marks.length > 0) await this.#call("mark", marks);
  }

  /** Renews an instance's lease and says where rooms stand. */
  async beat({ instance, leaseMs, rooms }: Beat): Promise<Pulse> {
    const { held, gone, more, takenOver, log } = await this.#call<PackedPulse>(
      "beat",
      instance,
      leaseMs,
      rooms,
    );
    return {
      ...unpackLog(rooms, log),
      held,
      gone: gone.map(({ room, user, name, rev }) => ({
        room,
        user: { id: user, name: unescapeText(name) },
        on: false,
        rev,
      })),
      more,
      takenOver,
    };
  }

  /** Sets the end of an instance's lease. */
  async expire(instance: string, inMs: number): Promise<void> {
    await this.#call("expire", instance, Math.round(inMs));
  }

  /** Gives the log a new epoch, unless it has another one already. */
  async renew(epoch: string): Promise<void> {
    await this.#call("renew", epoch);
  }

  /** Resolves when all that was begun is done. */
  settled(): Promise<void> {
    return this.#group.settled();
  }

  #call<T>(...call: Call): Promise<T> {
    return this.#group.call(call) as Promise<T>;
  }
}

/** Where rooms stand, with their names. */
export function unpackLog(
  rooms: readonly string[],
  { epoch, heads }: PackedLog,
): { readonly epoch: string; readonly heads: readonly Head[] } {
  return {
    epoch,
    heads: rooms.map((room, i) => {
      const [seq, rev] = heads[i]!;
      return { room, seq, rev };
    }),
  };
}

function keyOf(name: string): string {
  return escapeText(nameKey(name));
}
