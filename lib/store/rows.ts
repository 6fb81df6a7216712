import type { Change } from "../model/change.ts";
import type { Message } from "../model/message.ts";
import { unescapeText } from "./safe_text.ts";

/** A row of `message` in a database that speaks SQL. */
export interface MessageRow {
  /** Its version. */
  readonly seq: number;
  /** Its place. */
  readonly pos: number;
  /** Its id. */
  readonly id: string;
  /** The author's id. */
  readonly user_id: string;
  /** The author's name. */
  readonly username: string;
  /** NULL in a tombstone. */
  readonly text: string | null;
  /** When it was sent. */
  readonly time: number;
  /** What it answers. */
  readonly reply_to: string | null;
  /** When it was edited. */
  readonly edited_at: number | null;
}

/** A reaction that stands. */
export type ReactionRow = readonly [emoji: string, userId: string];

/** A change, beside what its message has now: what its type has no use for may be NULL. */
export interface ChangeRow extends Pick<MessageRow, "seq" | "id" | "user_id" | "username"> {
  /** Tells changes apart. */
  readonly type: Change["type"];
  /** The text of the message. */
  readonly text: string;
  /** When the message was sent. */
  readonly time: number;
  /** What the message answers. */
  readonly reply_to: string | null;
  /** When the message was edited. */
  readonly edited_at: number;
  /** The emoji of a reaction. */
  readonly emoji: string;
  /** Whether the reaction was put on; SQLite has 0 and 1 for it. */
  readonly is_on: boolean | number;
}

/** Makes a message of a row, and of its reactions in the order in which they were put on. */
export function toMessage(
  room: string,
  row: MessageRow,
  reactions: readonly ReactionRow[] | null,
): Message {
  return {
    room,
    seq: row.seq,
    pos: row.pos,
    id: unescapeText(row.id),
    user_id: row.user_id,
    username: unescapeText(row.username),
    ...(row.text === null ? { deleted: true } : { text: unescapeText(row.text) }),
    time: row.time,
    ...(row.reply_to !== null && { reply_to: unescapeText(row.reply_to) }),
    ...(row.edited_at !== null && { edited_at: row.edited_at }),
    ...(reactions?.length && { reactions: byEmoji(reactions) }),
  };
}

/** Makes a change of a row. */
export function toChange(room: string, row: ChangeRow): Change {
  const { seq, type } = row;
  const id = unescapeText(row.id);
  switch (type) {
    case "chat_message":
      return {
        type,
        room,
        seq,
        id,
        user_id: row.user_id,
        username: unescapeText(row.username),
        text: unescapeText(row.text),
        time: row.time,
        ...(row.reply_to !== null && { reply_to: unescapeText(row.reply_to) }),
      };
    case "message_edited":
      return { type, room, seq, id, text: unescapeText(row.text), edited_at: row.edited_at };
    case "message_deleted":
      return { type, room, seq, id };
    case "reaction": {
      const emoji = unescapeText(row.emoji);
      return { type, room, seq, id, emoji, user_id: row.user_id, on: Boolean(row.is_on) };
    }
  }
}

function byEmoji(reactions: readonly ReactionRow[]): Message["reactions"] {
  const users = new Map<string, string[]>();
  for (const [emoji, userId] of reactions) {
    const reacted = users.get(emoji);
    if (reacted) reacted.push(userId);
    else users.set(emoji, [userId]);
  }
  return Object.fromEntries(Array.from(users, ([emoji, ids]) => [unescapeText(emoji), ids]));
}
