import type { User } from "./user.ts";
import { isDirectName, isRoomName } from "./names.ts";

/** What a person may want to do in a room. */
export type Action = "join" | "read" | "send" | "typing" | "react" | "edit" | "delete";

/** What is known of the room and of what is to be changed. */
export interface Circumstances {
  /** The two of a direct room; `undefined` if there is no such room, or it is none of two people. */
  readonly direct?: { readonly users: readonly User[] } | undefined;
  /** The id of the one who wrote the message that is to be changed, needed by `edit` and `delete`. */
  readonly author?: string;
  /** Whether the person may delete what others wrote. */
  readonly moderator?: boolean;
}

/**
 * Whether a person may do something in a room: the one place that decides, for sockets and HTTP alike.
 *
 * A direct room is there for its two people alone, whatever else somebody may be.
 */
export function may(
  user: User,
  action: Action,
  room: string,
  { direct, author, moderator = false }: Circumstances = {},
): boolean {
  const isTheirs = isDirectName(room)
    ? direct?.users.some(({ id }) => id === user.id) ?? false
    : isRoomName(room);
  if (!isTheirs) return false;
  if (action === "edit") return user.id === author;
  if (action === "delete") return user.id === author || (moderator && author !== undefined);
  return true;
}
