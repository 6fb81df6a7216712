import type { Draft } from "../model/change.ts";
import type { Message, Newest } from "../model/message.ts";

/** A message as it is kept: all of it but its reactions. */
export interface MessageRecord extends Omit<Message, "room" | "deleted" | "reactions"> {
  /** The client's own id of the send. */
  readonly nonce?: string;
  /** How many reactions there are with each emoji, by what stands for it in keys: at most 20. */
  readonly emoji?: Readonly<Record<string, number>>;
}

/** Where a room stands, as it is kept. */
export interface HeadRecord {
  /** The number of its latest change. */
  readonly seq: number;
  /** When its newest message was sent, in milliseconds since 1970. */
  readonly time: number;
  /** How many messages it has, tombstones too. */
  readonly messages: number;
  /** Its newest message and the place of that; absent if that was deleted or removed, and there may be another one. */
  readonly newest?: Newest & { readonly pos: number };
}

/** A change that made no message, as it is kept: the text of an edit is that of the message. */
export interface ChangeRecord {
  /** Tells changes apart. */
  readonly type: Exclude<Draft["type"], "chat_message">;
  /** The place of the message that it changed. */
  readonly pos: number;
  /** The emoji of a reaction. */
  readonly emoji?: string;
  /** Whose reaction it is. */
  readonly user_id?: string;
  /** Whether it was put on. */
  readonly on?: boolean;
}

/** A reaction that stands, as it is kept. */
export interface ReactionRecord {
  /** One emoji. */
  readonly emoji: string;
  /** Whose reaction it is. */
  readonly user_id: string;
}

/** The most characters (code points) of a text that stand in lists of rooms. */
const NEWEST_CHARS = 140;

/** What lists of rooms show of a message. */
export function toNewest(
  { user_id, username, text = "", time }: Pick<Message, keyof Newest>,
): Newest {
  // Cut first: a text may be long, and no code point has more than two units.
  const chars = Array.from(text.slice(0, 2 * NEWEST_CHARS)).slice(0, NEWEST_CHARS);
  return { user_id, username, text: chars.join(""), time };
}
