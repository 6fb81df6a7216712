import type { Draft } from "../../lib/model/change.ts";
import { openSqlite } from "../../lib/store/sqlite.ts";

/** How many messages are appended at a time. */
const AT_ONCE = 1_000;
/** How often people speak, in milliseconds: a day has 480 messages. */
const EVERY_MS = 3 * 60_000;
/** Every so many messages one answers an earlier one, and that is how far it is back. */
const ANSWERS = { every: 40, back: 1_000 };

const SPEAKERS = ["Bob", "Carol", "Dan", "Eve"] as const;
const WORDS =
  "Some say less and some say more, as people do who talk all day about this and that. ";

/** Writes a long conversation in `general` straight into the SQLite file of a server that does not run yet. */
export async function fillRoom(path: string, count: number, endsAt: number): Promise<void> {
  const store = await openSqlite(path, { sync: "normal" });
  try {
    for (let from = 1; from <= count; from += AT_ONCE) {
      const length = Math.min(AT_ONCE, count - from + 1);
      await store.append(
        Array.from({ length }, (_, index) => draft(from + index, endsAt - count * EVERY_MS)),
      );
    }
  } finally {
    await store.close();
  }
}

/** The text of the message at a place. */
export function textAt(pos: number): string {
  return pos % 7 === 0 ? `message ${pos}. ${WORDS.repeat(pos % 4 + 1)}`.trim() : `message ${pos}`;
}

/** The id of the message at a place. */
export function idAt(pos: number): string {
  return String(pos).padStart(26, "0");
}

function draft(pos: number, beganAt: number): Draft {
  // Two or three messages in a row are one person's.
  const speaker = SPEAKERS[Math.floor(pos / 2.5) % SPEAKERS.length]!;
  const answers = pos % ANSWERS.every === 0 && pos > ANSWERS.back;
  return {
    type: "chat_message",
    room: "general",
    id: idAt(pos),
    user_id: speaker.toLowerCase().padEnd(12, "0"),
    username: speaker,
    text: textAt(pos),
    time: beganAt + pos * EVERY_MS,
    ...(answers && { reply_to: idAt(pos - ANSWERS.back) }),
  };
}
