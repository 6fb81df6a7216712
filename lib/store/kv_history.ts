import type { Change } from "../model/change.ts";
import type { Message, Newest } from "../model/message.ts";
import type { Entry, KvDatabase } from "./kv_database.ts";
import { KEYS } from "./kv_keys.ts";
import {
  type ChangeRecord,
  type HeadRecord,
  type MessageRecord,
  type ReactionRecord,
  toNewest,
} from "./kv_messages.ts";
import { type PageQuery, StoreUnavailableError } from "./store.ts";

/** How often something is read that changes while it is read. */
const ATTEMPTS = 20;
/** How many changes are listed at a time where some of them may not count. */
const SCAN = 100;

type Found = Entry<MessageRecord> & { readonly value: MessageRecord };

/**
 * Reads the logs of rooms in Deno KV.
 *
 * What takes several reads is bound by where the room stood before the first of them, and read again if something that it
 * holds has changed meanwhile.
 */
export class KvHistory {
  readonly #db: KvDatabase;

  /** Reads from the database. */
  constructor(db: KvDatabase) {
    this.#db = db;
  }

  /** The changes of a room above `after`, in order; of a message that is deleted only its deletion. */
  async changes(room: string, after: number, limit: number): Promise<Change[]> {
    return await this.#untilWhole(async () => {
      const head = await this.#head(room);
      const [noted, sent] = await Promise.all([
        this.#noted(room, after, head, limit),
        this.#sent(room, after, head, limit, ({ text }) => text !== undefined),
      ]);
      const told = [...noted, ...sent.map((record) => toSent(room, record))]
        .toSorted((one, other) => one.seq - other.seq).slice(0, limit);
      // What is told ends with the latest change, unless that was overtaken since.
      const isWhole = told.length === limit || head <= after || told.at(-1)?.seq === head;
      return isWhole ? told : undefined;
    });
  }

  /** A page of messages, oldest first. */
  async page(room: string, query: PageQuery): Promise<Message[]> {
    const { before, after, limit } = query;
    const isForward = query.first ?? (before === undefined && after !== undefined);
    return await this.#untilWhole(async () => {
      const found = await this.#db.listAll<MessageRecord>({
        start: KEYS.log(room, (after ?? 0) + 1),
        end: KEYS.log(room, before ?? true),
      }, { limit, reverse: !isForward });
      return await this.#inFull(room, isForward ? found : found.reverse());
    });
  }

  /** Where a room stands, and its newest messages, oldest first: at one moment. */
  async newest(room: string, limit: number): Promise<{ seq: number; messages: Message[] }> {
    return await this.#untilWhole(async () => {
      const found = await this.#db.listAll<MessageRecord | HeadRecord>(
        { prefix: KEYS.log(room) },
        { limit: limit + 1, reverse: true },
      );
      // Comes first, and with the others, unless there are more than come at once.
      const seq = found.shift()?.value.seq ?? 0;
      const messages = await this.#inFull(room, found.reverse() as Found[]);
      return messages?.every((message) => message.seq <= seq) ? { seq, messages } : undefined;
    });
  }

  /**
   * The messages whose version is above `seq`, by version.
   *
   * Versions only rise, so that none is passed over while they are listed from below; and a message that is changed for the
   * first time is among the unchanged ones, which are listed before.
   */
  async changedSince(room: string, seq: number, limit: number): Promise<Message[]> {
    return await this.#untilWhole(async () => {
      const sent = await this.#sent(room, seq, Infinity, limit, ({ pos, seq }) => pos === seq);
      const versions = await this.#db.listAll<number>(
        between(KEYS.version, room, seq, Infinity),
        { limit },
      );
      const places = new Set([
        ...versions.map(({ value }) => value),
        ...sent.map(({ pos }) => pos),
      ]);
      const found = await this.#db.getMany<MessageRecord>(
        [...places].map((pos) => KEYS.log(room, pos)),
      );
      const entries = found.filter(isThere).toSorted((one, other) =>
        one.value.seq - other.value.seq
      );
      // Where not all are listed, one that has moved up since may have come before some of those that are not.
      const isCut = versions.length === limit || sent.length === limit;
      const listed = new Set([
        ...versions.map(({ key }) => key.at(-1)),
        ...sent.map(({ seq }) => seq),
      ]);
      if (isCut && entries.some(({ value }) => !listed.has(value.seq))) return;
      return await this.#inFull(room, entries.slice(0, limit));
    });
  }

  /** One message. */
  async message(room: string, id: string): Promise<Message | undefined> {
    const { value: pos } = await this.#db.get<number>(KEYS.place(room, id));
    if (pos === null) return;
    return await this.#untilWhole(async () => {
      const entry = await this.#db.get<MessageRecord>(KEYS.log(room, pos));
      return await this.#inFull(room, [entry].filter(isThere));
    }).then(([message]) => message);
  }

  /** What lists of rooms show of a room, if there is a message that was not deleted. */
  async newestOf(room: string, head: HeadRecord | null): Promise<{ newest?: Newest }> {
    if (!head) return {};
    if (head.newest) {
      const { pos: _, ...newest } = head.newest;
      return { newest };
    }
    const messages = this.#db.list<MessageRecord>({
      start: KEYS.log(room, 0),
      end: KEYS.log(room, true),
    }, { reverse: true });
    for await (const { value } of messages) {
      if (value.text !== undefined) return { newest: toNewest(value) };
    }
    return {};
  }

  async #head(room: string): Promise<number> {
    return (await this.#db.get<HeadRecord>(KEYS.log(room, true))).value?.seq ?? 0;
  }

  /** The first messages between two places of which something holds. */
  async #sent(
    room: string,
    after: number,
    last: number,
    limit: number,
    holds: (record: MessageRecord) => boolean,
  ): Promise<MessageRecord[]> {
    const records: MessageRecord[] = [];
    const entries = this.#db.list<MessageRecord>(between(KEYS.log, room, after, last));
    for await (const { value } of entries) {
      if (records.length >= limit) break;
      if (holds(value)) records.push(value);
    }
    return records;
  }

  /** The first changes between two numbers of messages that are there, and of deleted ones their deletion. */
  async #noted(room: string, after: number, last: number, limit: number): Promise<Change[]> {
    const changes: Change[] = [];
    for (let from = after; changes.length < limit && from < last;) {
      const range = between(KEYS.change, room, from, last);
      const entries = await this.#db.listAll<ChangeRecord>(range, { limit: SCAN });
      const records = await this.#records(room, entries.map(({ value }) => value.pos));
      for (const { key, value } of entries) {
        const record = records.get(value.pos);
        if (record) changes.push(...toChange(room, key.at(-1) as number, value, record));
      }
      from = entries.length < SCAN ? last : entries.at(-1)!.key.at(-1) as number;
    }
    return changes.slice(0, limit);
  }

  async #records(room: string, places: readonly number[]) {
    const unique = [...new Set(places)];
    const found = await this.#db.getMany<MessageRecord>(unique.map((pos) => KEYS.log(room, pos)));
    return new Map(unique.map((pos, index) => [pos, found[index]!.value]));
  }

  /** Messages with the reactions on them, or `undefined` if one of those has changed meanwhile. */
  async #inFull(room: string, entries: readonly Found[]): Promise<Message[] | undefined> {
    const reacted = entries.filter(({ value }) => Object.keys(value.emoji ?? {}).length > 0);
    if (reacted.length === 0) return entries.map(({ value }) => toMessage(room, value));
    const lists = await Promise.all(
      reacted.map(({ value }) =>
        this.#db.listAll<ReactionRecord>({ prefix: KEYS.reaction(room, value.pos) })
      ),
    );
    const again = await this.#db.getMany<MessageRecord>(reacted.map(({ key }) => key));
    const isSame = again.every(({ versionstamp }, i) => versionstamp === reacted[i]!.versionstamp);
    if (!isSame) return;
    const reactions = new Map(reacted.map(({ value }, i) => [value.pos, lists[i]!]));
    return entries.map(({ value }) => ({
      ...toMessage(room, value),
      ...byEmoji(reactions.get(value.pos)?.map(({ value }) => value) ?? []),
    }));
  }

  async #untilWhole<T>(read: () => Promise<T | undefined>): Promise<T> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const found = await read();
      if (found !== undefined) return found;
    }
    throw new StoreUnavailableError(`Deno KV could not read what changed ${ATTEMPTS} times`);
  }
}

/** Keys of a room with a number above `after`, up to `last`. */
function between(key: typeof KEYS.log, room: string, after: number, last: number) {
  return {
    start: key(room, after + 1),
    end: last === Infinity ? key(room, true) : key(room, last + 1),
  };
}

function isThere(entry: Entry<MessageRecord>): entry is Found {
  return entry.value !== null;
}

function toSent(room: string, record: MessageRecord): Change {
  const { pos: seq, id, user_id, username, text = "", time, reply_to } = record;
  const change = { type: "chat_message", room, seq, id, user_id, username, text, time } as const;
  return reply_to === undefined ? change : { ...change, reply_to };
}

/** A change as it is told; nothing of a message that was deleted by a later one. */
function toChange(
  room: string,
  seq: number,
  { type, emoji, user_id, on }: ChangeRecord,
  { id, text, edited_at }: MessageRecord,
): Change[] {
  if (type === "message_deleted") return [{ type, room, seq, id }];
  if (text === undefined) return [];
  return type === "message_edited"
    ? [{ type, room, seq, id, text, edited_at: edited_at! }]
    : [{ type, room, seq, id, emoji: emoji!, user_id: user_id!, on: on! }];
}

function toMessage(room: string, record: MessageRecord): Message {
  const { nonce: _nonce, emoji: _emoji, ...message } = record;
  return { room, ...message, ...(record.text === undefined && { deleted: true as const }) };
}

function byEmoji(records: readonly ReactionRecord[]): Pick<Message, "reactions"> {
  if (records.length === 0) return {};
  const users = new Map<string, string[]>();
  for (const { emoji, user_id } of records) {
    const reacted = users.get(emoji);
    if (reacted) reacted.push(user_id);
    else users.set(emoji, [user_id]);
  }
  return { reactions: Object.fromEntries(users) };
}
