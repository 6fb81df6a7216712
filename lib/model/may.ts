import type { User } from "./user.ts";
import { isDirectName, isRoomName } from "./names.ts";

/** What a person may want to do in a room. */
export type Action = "join" | "read" | "send" | "typing" | "react" | "edit" | "delete";

/** What is known of the room, and of what the person wants to change. */
export interface Circumstances {
  /** The id of the one who wrote the message that is to be changed: needed by `edit` and `delete`. */
  readonly author?: string;
  /** Whether the person may delete what anybody wrote. */
  readonly moderator?: boolean;
  /** The two to whom a direct room belongs. Without them nobody may do anything in it. */
  readonly members?: readonly User[];
}

/**
 * Whether a person may do something in a room: the one place that decides, for sockets and HTTP alike.
 *
 * In a direct room only its two may, and a moderator no more than anybody else who is not one of them.
 */
export function may(
  user: User,
  action: Action,
  room: string,
  { author, moderator = false, members = [] }: Circumstances = {},
): boolean {
  if (!isRoomName(room) && !isDirectName(room)) return false;
  if (isDirectName(room) && !members.some(({ id }) => id === user.id)) return false;
  if (action === "edit") return user.id === author;
  if (action === "delete") return user.id === author || (moderator && author !== undefined);
  return true;
}
