import { type ChatMessage, type Draft, numbered, type Undated } from "../model/change.ts";
import { Group } from "./group.ts";
import type { PostgresClient } from "./postgres_client.ts";
import { escapeText, unescapeText } from "./safe_text.ts";
import type { Appended } from "./store.ts";

/** How many drafts one transaction takes, unless one call brings more. */
const DRAFTS_A_TRANSACTION = 512;

/** The most different emoji on one message. */
const MAX_EMOJI = 20;

/**
 * What numbers the changes of rooms and applies them to messages.
 *
 * `append` locks the counters of its rooms in the order of their names, so that two that need the same ones wait for each
 * other and never in a circle; rooms that are new are made before any is locked, for the same reason. An answer is the number of a change,
 * or the id and number of what it repeats, or why it was refused.
 */
export const LOG_FUNCTIONS = `
  CREATE FUNCTION append(rooms json, runs json) RETURNS json LANGUAGE plpgsql AS $$
  DECLARE
    names text[] := ARRAY(SELECT json_array_elements_text(rooms) COLLATE "C" ORDER BY 1);
    run json;
    answers json[] := '{}';
  BEGIN
    INSERT INTO room (room)
    SELECT n FROM unnest(names) n WHERE NOT EXISTS (SELECT FROM room WHERE room = n)
    ON CONFLICT DO NOTHING;
    PERFORM FROM room WHERE room = ANY (names) ORDER BY room FOR UPDATE;
    FOR run IN SELECT value FROM json_array_elements(runs) LOOP
      answers := array_append(answers, CASE json_typeof(run)
        WHEN 'array' THEN send(run) ELSE change(run) END);
    END LOOP;
    RETURN array_to_json(answers);
  END $$;

  -- Messages that do not rest on each other, all at once.
  CREATE FUNCTION send(run json) RETURNS json LANGUAGE plpgsql AS $$
  DECLARE
    answers json;
  BEGIN
    WITH draft AS MATERIALIZED (
      SELECT * FROM ROWS FROM (json_to_recordset(run) AS (
        room text, id text, user_id text, username text, text text, time bigint, reply_to text, nonce text
      )) WITH ORDINALITY AS d(room, id, user_id, username, text, time, reply_to, nonce, place)
    ), judged AS MATERIALIZED (
      SELECT draft.*, first.id AS first_id, first.pos AS first_pos,
        -- What was stored before its parent went is stored.
        first.id IS NULL AND draft.reply_to IS NOT NULL AND NOT EXISTS (
          SELECT FROM message WHERE message.id = draft.reply_to AND message.room = draft.room
        ) AS is_orphan
      FROM draft LEFT JOIN LATERAL (
        SELECT id, pos FROM message
        WHERE message.nonce = draft.nonce AND message.user_id = draft.user_id AND message.room = draft.room
        LIMIT 1
      ) first ON true
    ), fresh AS MATERIALIZED (
      SELECT judged.*,
        room.seq + row_number() OVER (PARTITION BY judged.room ORDER BY place) AS pos
      FROM judged JOIN room ON room.room = judged.room COLLATE "C"
      WHERE first_id IS NULL AND NOT is_orphan
    ), stored AS (
      INSERT INTO message (room, pos, seq, id, user_id, username, text, time, reply_to, nonce)
      SELECT room, pos, pos, id, user_id, username, text, time, reply_to, nonce
      FROM fresh ORDER BY place
    ), counted AS (
      UPDATE room SET seq = newest.pos, time = newest.time, messages = messages + count
      FROM (
        SELECT DISTINCT ON (room) room, pos, time, count(*) OVER (PARTITION BY room) AS count
        FROM fresh ORDER BY room, pos DESC
      ) newest
      WHERE room.room = newest.room COLLATE "C"
    )
    SELECT json_agg(CASE
      WHEN judged.first_id IS NOT NULL THEN json_build_array(judged.first_id, judged.first_pos)
      WHEN judged.is_orphan THEN '"not_found"'::json
      ELSE to_json(fresh.pos) END ORDER BY judged.place)
    INTO answers
    FROM judged LEFT JOIN fresh ON fresh.place = judged.place;
    RETURN answers;
  END $$;

  -- A message that becomes a tombstone keeps its place, author and nonce. Its text, its reactions and all that was noted of
  -- earlier changes to it are gone.
  CREATE FUNCTION change(draft json) RETURNS json LANGUAGE plpgsql AS $$
  DECLARE
    of_room text := draft->>'room';
    target message;
    new_seq bigint;
    old_seq bigint;
  BEGIN
    SELECT * INTO target FROM message
    WHERE id = draft->>'id' AND room = of_room AND text IS NOT NULL;
    IF NOT FOUND THEN RETURN '"not_found"'; END IF;
    IF draft->>'type' = 'reaction' THEN
      SELECT seq INTO old_seq FROM reaction
      WHERE message = target.key AND emoji = draft->>'emoji' AND user_id = draft->>'user_id';
      IF FOUND = (draft->>'on')::boolean THEN
        RETURN json_build_array(target.id, coalesce(old_seq, target.seq));
      END IF;
      IF old_seq IS NULL AND ${MAX_EMOJI} <= (
        SELECT count(DISTINCT emoji) FROM reaction
        WHERE message = target.key AND emoji <> draft->>'emoji'
      ) THEN RETURN '"too_many"'; END IF;
    ELSIF draft->>'type' = 'message_deleted' THEN
      DELETE FROM reaction WHERE message = target.key;
      DELETE FROM change WHERE message = target.key;
    END IF;

    UPDATE room SET seq = seq + 1 WHERE room = of_room RETURNING seq INTO new_seq;
    INSERT INTO change (room, seq, type, message, emoji, user_id, is_on)
    VALUES (of_room, new_seq, draft->>'type', target.key,
      draft->>'emoji', draft->>'user_id', (draft->>'on')::boolean);
    CASE draft->>'type'
    WHEN 'message_edited' THEN
      UPDATE message
      SET seq = new_seq, text = draft->>'text', edited_at = (draft->>'edited_at')::bigint
      WHERE key = target.key;
    WHEN 'message_deleted' THEN
      UPDATE message SET seq = new_seq, text = NULL, edited_at = NULL WHERE key = target.key;
    ELSE
      UPDATE message SET seq = new_seq WHERE key = target.key;
      IF old_seq IS NULL THEN
        INSERT INTO reaction (message, emoji, user_id, seq)
        VALUES (target.key, draft->>'emoji', draft->>'user_id', new_seq);
      ELSE
        DELETE FROM reaction
        WHERE message = target.key AND emoji = draft->>'emoji' AND user_id = draft->>'user_id';
      END IF;
    END CASE;
    RETURN to_json(new_seq);
  END $$;`;

type Sent = Undated<ChatMessage> & { readonly nonce?: string };
type Answer = number | readonly [id: string, seq: number] | "not_found" | "too_many";

/** Writes the logs of rooms: one transaction after another, each for all that came while the one before it was under way. */
export class PostgresLog {
  readonly #client: PostgresClient;
  readonly #group: Group<readonly Draft[], readonly Appended[]>;

  /** The database behind `client` has the schema. */
  constructor(client: PostgresClient) {
    this.#client = client;
    this.#group = new Group({
      perform: (calls) => this.#append(calls),
      weigh: (drafts) => drafts.length,
      capacity: DRAFTS_A_TRANSACTION,
    });
  }

  /** Appends changes, in order. */
  append(drafts: readonly Draft[]): Promise<readonly Appended[]> {
    return drafts.length === 0 ? Promise.resolve([]) : this.#group.call(drafts);
  }

  /** Resolves when all that was begun is done. */
  settled(): Promise<void> {
    return this.#group.settled();
  }

  async #append(calls: readonly (readonly Draft[])[]): Promise<readonly (readonly Appended[])[]> {
    const drafts = calls.flat();
    const runs = toRuns(drafts);
    const rooms = [...new Set(drafts.map(({ room }) => room))];
    const row = await this.#client.row<{ answers: readonly (Answer | readonly Answer[])[] }>(
      "SELECT append($1::text::json, $2::text::json) AS answers",
      [JSON.stringify(rooms), JSON.stringify(runs)],
    );
    const answers = row!.answers.flatMap((answer, i) =>
      Array.isArray(runs[i]) ? answer as readonly Answer[] : [answer as Answer]
    );
    const appended = drafts.map((draft, i) => toAppended(draft, answers[i]!));
    let from = 0;
    return calls.map(({ length }) => appended.slice(from, from += length));
  }
}

/** Parts drafts, in order, into changes of messages, each alone, and new messages in lists none of which rests on itself. */
function toRuns(drafts: readonly Draft[]): (Draft | Sent[])[] {
  const runs: (Draft | Sent[])[] = [];
  let run: Sent[] | undefined;
  let seen = new Set<string>();
  for (const draft of drafts) {
    if (draft.type !== "chat_message") {
      runs.push(safe(draft));
      run = undefined;
      continue;
    }
    const { room, id, user_id, reply_to, nonce } = draft;
    const rests = [
      reply_to !== undefined && `id ${room} ${reply_to}`,
      nonce !== undefined && `nonce ${room} ${user_id} ${nonce}`,
    ];
    if (!run || rests.some((key) => key && seen.has(key))) {
      runs.push(run = []);
      seen = new Set();
    }
    run.push(safe(draft));
    seen.add(`id ${room} ${id}`);
    if (nonce !== undefined) seen.add(`nonce ${room} ${user_id} ${nonce}`);
  }
  return runs;
}

/** The fields in which PostgreSQL would not keep every character. */
const TEXTS = ["id", "username", "text", "reply_to", "nonce", "emoji"] as const;

function safe<D extends Draft>(draft: D): D {
  const safe: Record<string, unknown> = { ...draft };
  for (const field of TEXTS) {
    const text = safe[field];
    if (typeof text === "string") safe[field] = escapeText(text);
  }
  return safe as D;
}

function toAppended(draft: Draft, answer: Answer): Appended {
  if (typeof answer === "number") return { change: numbered(draft, answer) };
  if (typeof answer === "string") return { refused: answer };
  const [id, seq] = answer;
  return { repeats: { id: unescapeText(id), seq } };
}
