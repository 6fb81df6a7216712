import type { DatabaseSync, StatementSync } from "node:sqlite";
import type {
  ChatMessage,
  Draft,
  MessageDeleted,
  MessageEdited,
  Reaction,
} from "../model/change.ts";
import type { Appended } from "./store.ts";
import { escapeText, unescapeText } from "./safe_text.ts";

/** The most different emoji on one message. */
const MAX_EMOJI = 20;

type Undated<C> = Omit<C, "seq">;

/** A message that is not a tombstone. */
interface Target {
  readonly key: number;
  readonly seq: number;
}

/** Writes the logs of rooms in a SQLite database, inside a transaction of the caller's. */
export class SqliteLog {
  readonly #nextSeq: StatementSync;
  readonly #nextPos: StatementSync;
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

  /** `db` has the schema of {@linkcode openDatabase}. */
  constructor(db: DatabaseSync) {
    this.#nextSeq = db.prepare("UPDATE room SET seq = seq + 1 WHERE room = ? RETURNING seq");
    this.#nextPos = db.prepare(`
      INSERT INTO room (room, seq, time, messages) VALUES (?, 1, ?, 1)
      ON CONFLICT DO UPDATE SET seq = seq + 1, time = excluded.time, messages = messages + 1
      RETURNING seq`);
    this.#placeOfNonce = db.prepare(
      "SELECT id, pos AS seq FROM message WHERE room = ? AND user_id = ? AND nonce = ?",
    );
    this.#insertMessage = db.prepare(`
      INSERT INTO message (room, pos, seq, id, user_id, username, text, time, reply_to, nonce)
      VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`);
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

  /**
   * Numbers a change and applies it to the messages.
   *
   * A message that becomes a tombstone keeps its place, author and nonce. Its text, its reactions and all that was
   * noted of earlier changes to it are gone.
   */
  append({ nonce, ...draft }: Draft): Appended {
    if (draft.type === "chat_message") return this.#send(draft, nonce);
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

  #send(draft: Undated<ChatMessage>, nonce?: string): Appended {
    const safeNonce = nonce === undefined ? null : escapeText(nonce);
    if (safeNonce !== null) {
      const first = this.#placeOfNonce.get(draft.room, draft.user_id, safeNonce);
      if (first !== undefined) return { repeats: toPlace(first) };
    }
    if (draft.reply_to !== undefined) {
      const parent = this.#parent.get(draft.room, escapeText(draft.reply_to));
      if (parent === undefined) return { refused: "not_found" };
    }
    const { seq } = this.#nextPos.get(draft.room, draft.time) as { seq: number };
    this.#insertMessage.run(
      draft.room,
      seq,
      escapeText(draft.id),
      draft.user_id,
      escapeText(draft.username),
      escapeText(draft.text),
      draft.time,
      draft.reply_to === undefined ? null : escapeText(draft.reply_to),
      safeNonce,
    );
    return { change: { ...draft, seq } };
  }

  #edit({ key }: Target, draft: Undated<MessageEdited>): Appended {
    const seq = this.#number(draft, key);
    this.#setText.run(seq, escapeText(draft.text), draft.edited_at, key);
    return { change: { ...draft, seq } };
  }

  #delete({ key }: Target, draft: Undated<MessageDeleted>): Appended {
    this.#deleteReactions.run(key);
    this.#deleteChanges.run(key);
    const seq = this.#number(draft, key);
    this.#clearText.run(seq, key);
    return { change: { ...draft, seq } };
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
    return { change: { ...draft, seq } };
  }

  #removeReaction({ key, seq: version }: Target, draft: Undated<Reaction>): Appended {
    const emoji = escapeText(draft.emoji);
    const { changes } = this.#deleteReaction.run(key, emoji, draft.user_id);
    if (changes === 0) return { repeats: { id: draft.id, seq: version } };
    const seq = this.#number(draft, key, emoji, draft.user_id, 0);
    this.#setVersion.run(seq, key);
    return { change: { ...draft, seq } };
  }

  /** Gives a change of a message the next number of its room, and notes it without its text. */
  #number(
    { room, type }: Undated<MessageEdited | MessageDeleted | Reaction>,
    key: number,
    emoji: string | null = null,
    userId: string | null = null,
    on: 0 | 1 | null = null,
  ): number {
    const { seq } = this.#nextSeq.get(room) as { seq: number };
    this.#insertChange.run(room, seq, type, key, emoji, userId, on);
    return seq;
  }
}

function toPlace(row: Record<string, unknown>): { readonly id: string; readonly seq: number } {
  return { id: unescapeText(row.id as string), seq: row.seq as number };
}
