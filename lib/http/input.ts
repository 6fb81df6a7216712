import type { Directs } from "../chat/directs.ts";
import { refused } from "../chat/outcome.ts";
import type { Action } from "../model/may.ts";
import type { User } from "../model/user.ts";
import { Refusal } from "./refusal.ts";

/** What checks an input: the interface that libraries of schemas agree on (Standard Schema, version 1). */
export interface Schema<T> {
  /** The checks. */
  readonly "~standard": {
    /** Says what the input is, or what does not fit. */
    validate(input: unknown): Checked<T> | Promise<Checked<T>>;
  };
}

/** What a {@linkcode Schema} says of an input. */
export interface Checked<T> {
  /** What it is, if it fits. */
  readonly value?: T;
  /** What does not fit, and where. */
  readonly issues?:
    | readonly {
      readonly message: string;
      readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
    }[]
    | undefined;
}

/** Checks what a client sent against a schema; throws a {@linkcode Refusal} that names the first field that does not fit. */
export function readInput<T>(schema: Schema<T>, input: unknown): T {
  const checked = schema["~standard"].validate(input);
  if (checked instanceof Promise) throw new TypeError("Cannot wait for a schema of an input");
  const [issue] = checked.issues ?? [];
  if (!issue) return checked.value as T;
  const keys = issue.path?.map((part) => String(typeof part === "object" ? part.key : part));
  throw badInput(keys?.join(".") || "the whole", issue.message);
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
