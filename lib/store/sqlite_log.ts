import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type ChatMessage,
  type Draft,
  type MessageDeleted,
  type MessageEdited,
  numbered,
  type Reaction,
} from "../model/change.ts";
import type { Appended } from "./store.ts";
import { escapeText, unescapeText } from "./safe_text.ts";

/** The most different emoji on one message. */
const MAX_EMOJI = 20;

type Undated<C> = Omit<C, "seq">;

/** How far a room has come by what a call appends. */
interface Progress {
  seq: number;
  /** When its newest message was sent, and how many messages are new. */
  time: number;
  messages: number;
}

/** A message that is not a tombstone. */
interface Target {
  readonly key: number;
  readonly seq: number;
}

/** Writes the logs of rooms in a SQLite database, inside a transaction of the caller's. */
export class SqliteLog {
  readonly #room: StatementSync;
  readonly #setRoom: StatementSync;
  readonly #placeOfNonce: StatementSync;
  readonly #insertMessage: StatementSync;
  readonly #insertChange: StatementSync;
  readonly #target: StatementSync;
  readonly #parent: StatementSync;
  readonly #setVersion: StatementSync;
  readonly #setText: StatementSync;
  readonly #clearText: StatementSync;
  readonly #reaction: StatementSync;
  readonly #otherEmoji: StatementSync;
  readonly #insertReaction: StatementSync;
  readonly #deleteReaction: StatementSync;
  readonly #deleteReactions: StatementSync;
  readonly #deleteChanges: StatementSync;
  /** The rooms of the call that is being done. */
  readonly #rooms = new Map<string, Progress>();

  /** `db` has the schema of {@linkcode openDatabase}. */
  constructor(db: DatabaseSync) {
    this.#room = db.prepare("SELECT seq, time FROM room WHERE room = ?");
    this.#setRoom = db.prepare(`
      INSERT INTO room (room, seq, time, messages) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE
      SET seq = excluded.seq, time = excluded.time, messages = messages + excluded.messages`);
    this.#placeOfNonce = db.prepare(
      "SELECT id, pos AS seq FROM message WHERE room = ? AND user_id = ? AND nonce = ?",
    );
    this.#insertMessage = db.prepare(`
      INSERT INTO message (room, pos, seq, id, user_id, username, text, time, reply_to, nonce)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (nonce, user_id, room) WHERE nonce IS NOT NULL DO NOTHING`);
    this.#insertChange = db.prepare(`
      INSERT INTO change (room, seq, type, message, emoji, user_id, is_on)
      VALUES (?, ?, ?, ?, ?, ?, ?)`);
    this.#target = db.prepare(
      "SELECT key, seq FROM message WHERE room = ? AND id = ? AND text IS NOT NULL",
    );
    this.#parent = db.prepare("SELECT 1 FROM message WHERE room = ? AND id = ?");
    this.#setVersion = db.prepare("UPDATE message SET seq = ? WHERE key = ?");
    this.#setText = db.prepare("UPDATE message SET seq = ?, text = ?, edited_at = ? WHERE key = ?");
    this.#clearText = db.prepare(
      "UPDATE message SET seq = ?, text = NULL, edited_at = NULL WHERE key = ?",
    );
    this.#reaction = db.prepare(
      "SELECT seq FROM reaction WHERE message = ? AND emoji = ? AND user_id = ?",
    );
    this.#otherEmoji = db.prepare(
      "SELECT count(DISTINCT emoji) AS count FROM reaction WHERE message = ? AND emoji <> ?",
    );
    this.#insertReaction = db.prepare(
      "INSERT INTO reaction (message, emoji, user_id, seq) VALUES (?, ?, ?, ?)",
    );
    this.#deleteReaction = db.prepare(
      "DELETE FROM reaction WHERE message = ? AND emoji = ? AND user_id = ?",
    );
    this.#deleteReactions = db.prepare("DELETE FROM reaction WHERE message = ?");
    this.#deleteChanges = db.prepare("DELETE FROM change WHERE message = ?");
  }

  /** Appends changes, in order. The counter of each room is read once and written once. */
  append(drafts: readonly Draft[]): Appended[] {
    try {
      const appended = drafts.map((draft) => this.#append(draft));
      for (const [room, { seq, time, messages }] of this.#rooms) {
        this.#setRoom.run(room, seq, time, messages);
      }
      return appended;
    } finally {
      this.#rooms.clear();
    }
  }

  /**
   * Numbers a change and applies it to the messages.
   *
   * A message that becomes a tombstone keeps its place, author and nonce. Its text, its reactions and all that was
   * noted of earlier changes to it are gone.
   */
  #append(draft: Draft): Appended {
    if (draft.type === "chat_message") return this.#send(draft);
    const target = this.#target.get(draft.room, escapeText(draft.id)) as Target | undefined;
    if (target === undefined) return { refused: "not_found" };
    switch (draft.type) {
      case "message_edited":
        return this.#edit(target, draft);
      case "message_deleted":
        return this.#delete(target, draft);
      case "reaction":
        return draft.on ? this.#addReaction(target, draft) : this.#removeReaction(target, draft);
    }
  }

  #send(draft: Extract<Draft, { type: "chat_message" }>): Appended {
    const nonce = draft.nonce === undefined ? null : escapeText(draft.nonce);
    if (draft.reply_to !== undefined) {
      const parent = this.#parent.get(draft.room, escapeText(draft.reply_to));
      // What was stored before its parent went is stored.
      if (parent === undefined) return this.#first(draft, nonce) ?? { refused: "not_found" };
    }
    const progress = this.#progress(draft.room);
    const seq = progress.seq + 1;
    const { changes } = this.#insertMessage.run(
      draft.room,
      seq,
      seq,
      escapeText(draft.id),
      draft.user_id,
      escapeText(draft.username),
      escapeText(draft.text),
      draft.time,
      draft.reply_to === undefined ? null : escapeText(draft.reply_to),
      nonce,
    );
    if (changes === 0) return this.#first(draft, nonce)!;
    progress.seq = seq;
    progress.time = draft.time;
    progress.messages++;
    return { change: numbered(draft, seq) };
  }

  /** The message that was stored with a nonce. */
  #first({ room, user_id }: Undated<ChatMessage>, nonce: string | null): Appended | undefined {
    const first = this.#placeOfNonce.get(room, user_id, nonce);
    return first && { repeats: toPlace(first) };
  }

  #progress(room: string): Progress {
    let progress = this.#rooms.get(room);
    if (!progress) {
      const stored = this.#room.get(room) as Pick<Progress, "seq" | "time"> | undefined;
      progress = { seq: 0, time: 0, ...stored, messages: 0 };
      this.#rooms.set(room, progress);
    }
    return progress;
  }

  #edit({ key }: Target, draft: Undated<MessageEdited>): Appended {
    const seq = this.#number(draft, key);
    this.#setText.run(seq, escapeText(draft.text), draft.edited_at, key);
    return { change: numbered(draft, seq) };
  }

  #delete({ key }: Target, draft: Undated<MessageDeleted>): Appended {
    this.#deleteReactions.run(key);
    this.#deleteChanges.run(key);
    const seq = this.#number(draft, key);
    this.#clearText.run(seq, key);
    return { change: numbered(draft, seq) };
  }

  #addReaction({ key }: Target, draft: Undated<Reaction>): Appended {
    const emoji = escapeText(draft.emoji);
    const first = this.#reaction.get(key, emoji, draft.user_id) as { seq: number } | undefined;
    if (first !== undefined) return { repeats: { id: draft.id, seq: first.seq } };
    const others = this.#otherEmoji.get(key, emoji) as { count: number };
    if (others.count >= MAX_EMOJI) return { refused: "too_many" };
    const seq = this.#number(draft, key, emoji, draft.user_id, 1);
    this.#setVersion.run(seq, key);
    this.#insertReaction.run(key, emoji, draft.user_id, seq);
    return { change: numbered(draft, seq) };
  }

  #removeReaction({ key, seq: version }: Target, draft: Undated<Reaction>): Appended {
    const emoji = escapeText(draft.emoji);
    const { changes } = this.#deleteReaction.run(key, emoji, draft.user_id);
    if (changes === 0) return { repeats: { id: draft.id, seq: version } };
    const seq = this.#number(draft, key, emoji, draft.user_id, 0);
    this.#setVersion.run(seq, key);
    return { change: numbered(draft, seq) };
  }

  /** Gives a change of a message the next number of its room, and notes it without its text. */
  #number(
    { room, type }: Undated<MessageEdited | MessageDeleted | Reaction>,
    key: number,
    emoji: string | null = null,
    userId: string | null = null,
    on: 0 | 1 | null = null,
  ): number {
    const seq = ++this.#progress(room).seq;
    this.#insertChange.run(room, seq, type, key, emoji, userId, on);
    return seq;
  }
}

function toPlace(row: Record<string, unknown>): { readonly id: string; readonly seq: number } {
  return { id: unescapeText(row.id as string), seq: row.seq as number };
}
