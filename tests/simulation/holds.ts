import { assertEquals } from "@std/assert";
import type { Message } from "../../lib/model/message.ts";
import type { MessageView } from "../../lib/wire/protocol.ts";

/**
 * Fails unless somebody holds what is stored, without tombstones of messages that were gone before they heard of them.
 *
 * Compares messages as texts, which is far quicker than value by value.
 */
export function assertHolds<M extends Message | MessageView>(
  held: readonly M[],
  stored: readonly M[],
  what: string,
): void {
  const ids = new Set(held.map(({ id }) => id));
  const expected = stored.filter(({ id, deleted }) => ids.has(id) || !deleted).map(canonical);
  const actual = held.map(canonical);
  if (actual.join() !== expected.join()) assertEquals(actual, expected, what);
}

function canonical({ reactions = {}, ...message }: Message | MessageView): string {
  const { id, pos, seq, user_id, username, text, time, reply_to, edited_at, deleted } = message;
  const said = [id, pos, seq, user_id, username, text, time, reply_to, edited_at, deleted].join();
  const reacted = Object.keys(reactions).sort().map((emoji) => emoji + reacting(reactions[emoji]!));
  return said + reacted.join();
}

function reacting(users: readonly string[] | { readonly count: number; readonly mine: boolean }) {
  return "count" in users ? `${users.count} ${users.mine}` : users.join();
}
