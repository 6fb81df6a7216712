import type { Move } from "../../lib/store/store.ts";
import type { User } from "../../lib/model/user.ts";

/** What must hold throughout a test, in milliseconds. */
export const LONG_MS = 60_000;

/** What must run out in a test, in milliseconds. */
export const SHORT_MS = 1;

/** Waits until what was given {@linkcode SHORT_MS} has run out. */
export function untilShortIsOver(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

/** A person whose id follows from the name. */
export function user(name: string): User {
  return { id: name.toLowerCase().padStart(12, "0"), name };
}

/** People of tests. */
export const [ALICE, BOB, CAROL] = ["Alice", "Bob", "Carol"].map(user) as [User, User, User];

/** A person who enters a room. */
export function enter(user: User, room = "general"): Move {
  return { room, user, on: true };
}

/** A person who leaves a room. */
export function leave(user: User, room = "general"): Move {
  return { room, user, on: false };
}
