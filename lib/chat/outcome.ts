import type { Action } from "../model/may.ts";
import { StoreUnavailableError } from "../store/store.ts";
import type { ErrorCode } from "../wire/codes.ts";

/** After how many milliseconds a client should try again when the store could not answer. */
export const RETRY_AFTER_MS = 1000;

/** What became of what somebody asked for: the change's place, or why there is none. */
export type Outcome =
  | { readonly ok: true; readonly id: string; readonly seq: number }
  | Refused;

/** Why something could not be done, for a person. */
export interface Refused {
  /** Nothing was done, or nobody knows. */
  readonly ok: false;
  /** For a program. */
  readonly code: ErrorCode;
  /** For a person: what was expected, and what came. */
  readonly message: string;
  /** When to try again. */
  readonly retryAfterMs?: number;
}

/** Makes a refusal. */
export function refused(code: ErrorCode, message: string, retryAfterMs?: number): Refused {
  return { ok: false, code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** What a failure means to the one who asked; throws what no store should throw. */
export function unavailable(error: unknown): Refused {
  if (!(error instanceof StoreUnavailableError)) throw error;
  return refused(
    "unavailable",
    "The store does not answer, so it is not known whether this was done: try again",
    RETRY_AFTER_MS,
  );
}

/** The person may not do it. Nobody learns from it whether there is such a room. */
export function forbidden(action: Action, room: string): Refused {
  const what = action === "join" ? `join "${room}"` : `${action} this in "${room}"`;
  return refused("forbidden", `You may not ${what}`);
}

/** There is no such message. */
export function notFound(id: string): Refused {
  return refused("not_found", `There is no message "${id}" in this room`);
}

/** Nothing is left of what the person may send; in `waitMs` there will be. */
export function tooFast(waitMs: number): Refused {
  return refused("rate_limited", "You are too fast: wait a moment, then try again", waitMs);
}

/** The connection is not in the room. */
export function notJoined(room: string): Refused {
  return refused("not_joined", `Join the room "${room}" first`);
}

/** What should be the name of a room is none. */
export function badRoomName(): Refused {
  return refused(
    "bad_name",
    "A room's name must have 1 to 32 of the characters a-z, 0-9 and -, and must not begin with -",
  );
}
