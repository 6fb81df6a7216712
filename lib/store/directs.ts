import type { User } from "../model/user.ts";

/** Two people in the order of their ids, which is the same whoever of them asks. */
export function inOrder([one, other]: readonly [User, User]): readonly [User, User] {
  return one.id < other.id ? [one, other] : [other, one];
}
