/**
 * The close codes of Parley.
 *
 * 4000-4499, 1001, 1011 and 1012 ask the client to come back; 4500-4999, 1002, 1003, 1008 and 1009 ask it
 * not to.
 */
export const CLOSE = {
  /** The peer left of its own will (RFC 6455, 7.4.1). */
  normal: 1000,
  /** The server goes away, or the socket was silent for too long. Come back. */
  goingAway: 1001,
  /** Plain mode refused the name, or either mode was given a name that is none. */
  policy: 1008,
  /** A frame of more than 1 MiB. */
  tooBig: 1009,
  /** The server failed in a way it did not foresee. Come back. */
  internal: 1011,
  /** The log was replaced under the server: what the client holds is void. Come back at once. */
  restarted: 1012,
  /** The peer reads too slowly: more than 1 MiB waits for it. Come back. */
  tooSlow: 4000,
  /** 100 refusals in 10 s. Come back, later. */
  flooding: 4001,
  /** No valid token where one is needed. */
  unauthorized: 4500,
  /** Somebody else holds the name. */
  nameTaken: 4501,
  /** A moderator removed the person. */
  removed: 4502,
  /** A newer plain connection of the same person took this one's place. */
  takenOver: 4503,
} as const;

/** Whether a client that was closed with this code should connect again. */
export function comesBack(code: number): boolean {
  if (code >= 4500 && code <= 4999) return false;
  return code !== 1002 && code !== 1003 && code !== 1008 && code !== 1009;
}

/** What an `error` event may say; it never closes the socket. */
export type ErrorCode =
  | "bad_request"
  | "unknown_type"
  | "too_long"
  | "rate_limited"
  | "not_joined"
  | "not_found"
  | "forbidden"
  | "name_taken"
  | "bad_name"
  | "unauthorized"
  | "room_full"
  | "too_many"
  | "unavailable";
