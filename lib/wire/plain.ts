import type { ErrorCode } from "./codes.ts";

/** Who is in the room, as plain mode tells it. */
export interface ActiveUsers {
  /** The first 100 of them. */
  readonly names: readonly string[];
  /** How many there are. */
  readonly count: number;
}

/** The plain frame that tells of somebody's coming or going. */
export function encodePlainMove(
  type: "user_joined" | "user_left",
  username: string,
  active: ActiveUsers,
): string {
  return JSON.stringify({ type, username, active_users: active.names, count: active.count });
}

/** The plain frame of a message. `time` is in milliseconds since 1970. */
export function encodePlainMessage(
  message: {
    readonly id: string;
    readonly seq: number;
    readonly user_id: string;
    readonly username: string;
    readonly text?: string;
    readonly time: number;
  },
): string {
  return JSON.stringify({
    type: "chat_message",
    username: message.username,
    text: message.text,
    timestamp: new Date(message.time).toISOString(),
    id: message.id,
    seq: message.seq,
    user_id: message.user_id,
  });
}

/** The plain frame of an error, for its sender only. */
export function encodePlainError(code: ErrorCode, error: string, retryAfterMs?: number): string {
  return JSON.stringify({ type: "error", code, error, retry_after_ms: retryAfterMs });
}
