// @ts-check
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { Room } from "../state/room.js" */
import { foldName } from "../mentions.js";

/**
 * Whom a message in a room may mention, the likeliest first: those who wrote last, then those who are there, by name.
 *
 * @param {Room} room
 * @param {User | undefined} me
 * @returns {User[]}
 */
export function mentionable({ messages, people }, me) {
  /** @type {Map<string, User>} */
  const found = new Map();
  for (const { user_id: id, username: name } of messages.list.toReversed()) {
    if (!found.has(id)) found.set(id, people.get(id) ?? { id, name });
  }
  const others = [...people.values()].sort((a, b) => a.name.localeCompare(b.name));
  for (const user of others) if (!found.has(user.id)) found.set(user.id, user);
  if (me) found.delete(me.id);
  return [...found.values()];
}

/**
 * Those whose names fit what was written: whose name begins with it come first, then those of whose names a later word
 * does. Nobody fits if nothing is left to complete.
 *
 * @param {readonly User[]} users
 * @param {string} written
 * @param {number} most
 */
export function findPeople(users, written, most) {
  const wanted = foldName(written);
  const names = users.map((user) => ({ user, name: foldName(user.name) }));
  const first = names.filter(({ name }) => name.startsWith(wanted));
  const later = names.filter(({ name }) =>
    !name.startsWith(wanted) && name.split(/[\s_.-]+/u).some((word) => word.startsWith(wanted))
  );
  const found = [...first, ...later];
  if (found.length === 1 && found[0]?.name === wanted) return [];
  return found.slice(0, most).map(({ user }) => user);
}
