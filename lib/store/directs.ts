import { ulid } from "@std/ulid";
import type { User } from "../model/user.ts";

/** Makes a name for a room of two people: nobody can guess it, and no room had it before. */
export function newDirectName(): string {
  return `~${ulid()}`;
}

/** Two people in the order of their ids, which is the same whoever of them asks. Throws a `TypeError` if they are one. */
export function inOrder([one, other]: readonly [User, User]): readonly [User, User] {
  if (one.id === other.id) {
    throw new TypeError(`Cannot make a direct room as it needs two people: both are "${one.id}"`);
  }
  return one.id < other.id ? [one, other] : [other, one];
}
