import {
  type ChatMessage,
  type Draft,
  type MessageDeleted,
  type MessageEdited,
  numbered,
  type Reaction,
  type Undated,
} from "../model/change.ts";
import { Group } from "./group.ts";
import { chunk, type KvDatabase } from "./kv_database.ts";
import { KEYS, part } from "./kv_keys.ts";
import { type ChangeRecord, type HeadRecord, type MessageRecord, toNewest } from "./kv_messages.ts";
import { type KvTransaction, transactEach } from "./kv_transaction.ts";
import type { Appended } from "./store.ts";

/** The most different emoji on one message. */
const MAX_EMOJI = 20;
/** Drafts that one step of the log takes on at the most, unless one call brings more. */
const DRAFTS_A_STEP = 1_000;
/** Drafts for which is read at once what one commit of them needs. */
const DRAFTS_A_READ = 250;

const NOTHING: HeadRecord = { seq: 0, time: 0, messages: 0 };

/** A message that is not a tombstone, and what it is changed under. */
interface Target {
  readonly room: string;
  readonly record: MessageRecord;
}

/**
 * Writes the logs of rooms in Deno KV.
 *
 * The number, the nonce and the change are one commit, which rests on where its rooms stand: every change of a room changes that,
 * so whatever else was read of the room holds if it does. What comes while a commit is under way shares the next one.
 */
export class KvLog {
  readonly #db: KvDatabase;
  readonly #group: Group<readonly Draft[], Appended[]>;

  /** Writes to the database. */
  constructor(db: KvDatabase) {
    this.#db = db;
    this.#group = new Group({
      capacity: DRAFTS_A_STEP,
      weigh: (drafts) => drafts.length,
      perform: async (calls) => {
        const appended = await this.#append(calls.flat());
        let taken = 0;
        return calls.map(({ length }) => appended.slice(taken, taken += length));
      },
    });
  }

  /** Appends changes; those of a room in order. Several commits make up one call if there are many, or of many rooms. */
  append(drafts: readonly Draft[]): Promise<readonly Appended[]> {
    return this.#group.call(drafts);
  }

  /** Rooms know no order among each other: as many as one commit may rest on go together, beside others. */
  async #append(drafts: readonly Draft[]): Promise<Appended[]> {
    const places = Map.groupBy(drafts.keys(), (index) => drafts[index]!.room);
    const appended: Appended[] = [];
    await Promise.all(
      chunk([...places.values()], this.#db.maxChecks).map(async (rooms) => {
        const indices = rooms.flat().toSorted((a, b) => a - b);
        const answers = await transactEach(
          this.#db,
          indices.map((index) => drafts[index]!),
          perform,
          prepare,
        );
        indices.forEach((index, i) => appended[index] = answers[i]!);
      }),
    );
    return appended;
  }
}

/** Where rooms stand comes first, since it answers for what is read after it. */
async function prepare(tx: KvTransaction, steps: readonly Draft[]): Promise<void> {
  const drafts = steps.slice(0, DRAFTS_A_READ);
  await tx.load([...new Set(drafts.map(({ room }) => room))].map((room) => KEYS.log(room, true)));
  await tx.load(drafts.flatMap((draft) => {
    if (draft.type !== "chat_message") return [KEYS.place(draft.room, draft.id)];
    const { room, user_id, nonce, reply_to } = draft;
    return [
      ...(nonce === undefined ? [] : [KEYS.nonce(room, user_id, nonce)]),
      ...(reply_to === undefined ? [] : [KEYS.place(room, reply_to)]),
    ];
  }));
  const changes = drafts.filter(({ type }) => type !== "chat_message");
  const targets = await Promise.all(changes.map(async (draft) => {
    const pos = await tx.read<number>(KEYS.place(draft.room, draft.id));
    if (pos === undefined) return [];
    return [
      KEYS.log(draft.room, pos),
      ...(draft.type === "reaction"
        ? [KEYS.reacted(draft.room, pos, draft.emoji, draft.user_id)]
        : []),
    ];
  }));
  await tx.load(targets.flat());
}

async function perform(tx: KvTransaction, draft: Draft): Promise<Appended> {
  const { room } = draft;
  const head = await tx.guard<HeadRecord>(KEYS.log(room, true)) ?? NOTHING;
  if (draft.type === "chat_message") return await send(tx, head, draft);
  const pos = await tx.read<number>(KEYS.place(room, draft.id));
  const record = pos === undefined ? pos : await tx.read<MessageRecord>(KEYS.log(room, pos));
  if (record?.text === undefined) return { refused: "not_found" };
  switch (draft.type) {
    case "message_edited":
      return edit(tx, head, { room, record }, draft);
    case "message_deleted":
      return remove(tx, head, { room, record }, draft);
    case "reaction":
      return await react(tx, head, { room, record }, draft);
  }
}

async function send(
  tx: KvTransaction,
  head: HeadRecord,
  draft: Undated<ChatMessage> & { readonly nonce?: string },
): Promise<Appended> {
  const { room, nonce, type: _, ...fields } = draft;
  const nonceKey = nonce === undefined ? undefined : KEYS.nonce(room, draft.user_id, nonce);
  if (nonceKey !== undefined) {
    const first = await tx.read<{ id: string; seq: number }>(nonceKey);
    if (first !== undefined) return { repeats: first };
  }
  if (draft.reply_to !== undefined) {
    const parent = await tx.read(KEYS.place(room, draft.reply_to));
    if (parent === undefined) return { refused: "not_found" };
  }
  const seq = head.seq + 1;
  const record: MessageRecord = { pos: seq, seq, ...fields, ...(nonce !== undefined && { nonce }) };
  tx.set(KEYS.log(room, seq), record);
  tx.set(KEYS.place(room, draft.id), seq);
  if (nonceKey !== undefined) tx.set(nonceKey, { id: draft.id, seq });
  if (head.seq === 0) tx.set(KEYS.room(room), true);
  const newest = { ...toNewest(draft), pos: seq };
  tx.set(KEYS.log(room, true), { seq, time: draft.time, messages: head.messages + 1, newest });
  return { change: numbered(draft, seq) };
}

function edit(
  tx: KvTransaction,
  head: HeadRecord,
  { room, record }: Target,
  draft: Undated<MessageEdited>,
): Appended {
  const { text, edited_at } = draft;
  const seq = note(tx, head, { room, record: { ...record, text, edited_at } }, {
    type: draft.type,
  });
  return { change: numbered(draft, seq) };
}

/**
 * Makes a tombstone, which keeps its place, author and nonce.
 *
 * There may be more changes of it and reactions than one commit removes: from now on nobody reads them, and they are
 * removed later.
 */
function remove(
  tx: KvTransaction,
  head: HeadRecord,
  { room, record }: Target,
  draft: Undated<MessageDeleted>,
): Appended {
  const { text: _text, edited_at: _edited_at, emoji: _emoji, ...rest } = record;
  if (record.seq > record.pos) tx.set(KEYS.strip(room, record.pos), true);
  const seq = note(tx, head, { room, record: { ...rest, seq: record.seq } }, { type: draft.type });
  return { change: numbered(draft, seq) };
}

async function react(
  tx: KvTransaction,
  head: HeadRecord,
  { room, record }: Target,
  draft: Undated<Reaction>,
): Promise<Appended> {
  const { id, type, emoji, user_id, on } = draft;
  const { pos } = record;
  const key = KEYS.reacted(room, pos, emoji, user_id);
  const first = await tx.read<number>(key);
  if (on && first !== undefined) return { repeats: { id, seq: first } };
  if (!on && first === undefined) return { repeats: { id, seq: record.seq } };
  const { [part(emoji)]: count = 0, ...others } = record.emoji ?? {};
  if (on && count === 0 && Object.keys(others).length >= MAX_EMOJI) return { refused: "too_many" };
  const left = count + (on ? 1 : -1);
  const counts = left > 0 ? { ...others, [part(emoji)]: left } : others;
  const seq = note(tx, head, { room, record: { ...record, emoji: counts } }, {
    type,
    emoji,
    user_id,
    on,
  });
  if (on) {
    tx.set(KEYS.reaction(room, pos, seq), { emoji, user_id });
    tx.set(key, seq);
  } else {
    tx.delete(KEYS.reaction(room, pos, first!));
    tx.delete(key);
  }
  return { change: numbered(draft, seq) };
}

/** Gives a change of a message the next number of its room, and notes it without its text. */
function note(
  tx: KvTransaction,
  head: HeadRecord,
  { room, record }: Target,
  change: Omit<ChangeRecord, "pos">,
): number {
  const { pos } = record;
  const seq = head.seq + 1;
  if (record.seq > pos) tx.delete(KEYS.version(room, record.seq));
  tx.set(KEYS.log(room, pos), { ...record, seq });
  tx.set(KEYS.version(room, seq), pos);
  tx.set(KEYS.change(room, seq), { ...change, pos });
  tx.set(KEYS.noted(room, pos, seq), true);
  const { newest, ...rest } = head;
  const stands = newest?.pos !== pos
    ? newest
    : record.text === undefined
    ? undefined
    : { ...toNewest(record), pos };
  tx.set(KEYS.log(room, true), { ...rest, seq, ...(stands && { newest: stands }) });
  return seq;
}
