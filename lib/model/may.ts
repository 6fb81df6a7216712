import type { User } from "./user.ts";
import { isRoomName } from "./names.ts";

/** What a person may want to do in a room. */
export type Action = "join" | "read" | "send" | "typing" | "react" | "edit" | "delete";

/**
 * Whether a person may do something in a room: the one place that decides, for sockets and HTTP alike.
 *
 * `author` is the id of the one who wrote the message that is to be changed, needed by `edit` and `delete`; a moderator
 * deletes what anybody wrote.
 */
export function may(
  user: User,
  action: Action,
  room: string,
  { author, moderator = false }: { readonly author?: string; readonly moderator?: boolean } = {},
): boolean {
  if (!isRoomName(room)) return false;
  if (action === "edit") return user.id === author;
  if (action === "delete") return user.id === author || (moderator && author !== undefined);
  return true;
}
