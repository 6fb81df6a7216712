import * as v from "valibot";
import type { Directs } from "../chat/directs.ts";
import { badRoomName, forbidden, refused } from "../chat/outcome.ts";
import { type Action, may } from "../model/may.ts";
import { isDirectName, isRoomName } from "../model/names.ts";
import type { User } from "../model/user.ts";
import { Refusal } from "./refusal.ts";

/** A whole number in digits. */
export const wholeNumber = v.pipe(v.string(), v.digits(), v.transform(Number), v.safeInteger());

/** Checks what a client sent against a schema; throws a {@linkcode Refusal} that names the first field that does not fit. */
export function readInput<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw badInput(v.getDotPath(issue) ?? "the whole", issue.message);
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
  if (!isRoomName(room) && !isDirectName(room)) throw new Refusal(badRoomName());
  if (may(user, action, room, { direct: await directs.of(room) })) return;
  throw new Refusal(forbidden(action, room));
}
