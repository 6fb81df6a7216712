import type { Directs } from "../chat/directs.ts";
import { refused } from "../chat/outcome.ts";
import type { Action } from "../model/may.ts";
import type { User } from "../model/user.ts";
import { Refusal } from "./refusal.ts";

/** What comes of checking a value against a schema: what valibot's `safeParse` answers. */
export type Parsed<T> = { readonly success: true; readonly output: T } | {
  readonly success: false;
  readonly issues: readonly [Issue, ...Issue[]];
};

/** Why a value does not fit. */
export interface Issue {
  /** For a person. */
  readonly message: string;
  /** Where in the value. */
  readonly path?: readonly { readonly key: unknown }[];
}

/** What a client sent, if it fits; throws a {@linkcode Refusal} that names the first field that does not. */
export function readInput<T>(parsed: Parsed<T>): T {
  if (parsed.success) return parsed.output;
  const [{ path, message }] = parsed.issues;
  throw badInput(path?.map(({ key }) => key).join(".") ?? "the whole", message);
}

/** What is thrown for a field that does not fit. */
export function badInput(field: string, reason: string): Refusal {
  return new Refusal(refused("bad_request", `Cannot take "${field}": ${reason}`));
}

/** Rejects with a {@linkcode Refusal} if a person may not do something in a room. */
export async function assertMay(
  directs: Directs,
  user: User,
  action: Action,
  room: string,
): Promise<void> {
  const refusal = await directs.refusal(user, action, room);
  if (refusal) throw new Refusal(refusal);
}
