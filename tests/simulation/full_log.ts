import { assert, assertEquals } from "@std/assert";
import type { Change, Draft } from "../../lib/model/change.ts";
import type { Appended } from "../../lib/store/store.ts";

/** One change as it was made, and the nonce with which it was. */
export interface Entry {
  readonly change: Change;
  /** When it was made, in milliseconds since 1970. */
  readonly at: number;
  readonly nonce: string | undefined;
}

/** Every change of every room as it was when the store numbered it, with what the store has forgotten since. */
export class FullLog {
  readonly #now: () => number;
  #rooms = new Map<string, Entry[]>();
  /** Where each message became a tombstone. */
  #deletions = new Map<string, number>();
  #texts = new Map<string, string[]>();
  #nonces = new Set<string>();
  readonly #lostNonces = new Set<string>();
  readonly #undoneNonces = new Set<string>();
  readonly #voidEpochs = new Set<string>();

  /** It is empty at first; `now` tells milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes what the store made of a draft. Fails if it left out a number or stored a nonce again. */
  add({ nonce }: Draft, appended: Appended): void {
    if ("change" in appended) this.#add({ change: appended.change, nonce, at: this.#now() });
  }

  /** Notes that an attempt to store a draft came to nothing. */
  lose({ nonce }: Draft): void {
    if (nonce !== undefined) this.#lostNonces.add(nonce);
  }

  /** Whether an attempt to store a message came to nothing, so that those behind it may have overtaken it. */
  hasLost(nonce: string): boolean {
    return this.#lostNonces.has(nonce);
  }

  /** Whether a message was stored once that the store may know nothing of since it was wound back. */
  hasUndone(nonce: string): boolean {
    return this.#undoneNonces.has(nonce);
  }

  /** Notes how far each room has come. */
  heads(): ReadonlyMap<string, number> {
    return new Map([...this.#rooms].map(([room, entries]) => [room, entries.length]));
  }

  /** Forgets what came after `heads`: the store was wound back, and what is told under `epoch` from now on is worth nothing. */
  windBack(heads: ReadonlyMap<string, number>, epoch: string): void {
    this.#voidEpochs.add(epoch);
    const rooms = this.#rooms;
    this.#rooms = new Map();
    this.#deletions = new Map();
    this.#texts = new Map();
    this.#nonces = new Set();
    for (const [room, entries] of rooms) {
      for (const entry of entries.slice(0, heads.get(room) ?? 0)) this.#add(entry);
      for (const { nonce } of entries) if (nonce !== undefined) this.#undoneNonces.add(nonce);
    }
  }

  /** Whether what is told under an epoch is worth nothing. */
  isVoid(epoch: string): boolean {
    return this.#voidEpochs.has(epoch);
  }

  /** The changes of a room: the one numbered 1 is the first. */
  entries(room: string): Entry[] {
    return getOrAdd(this.#rooms, room);
  }

  /** The number of a room's latest change. */
  head(room: string): number {
    return this.entries(room).length;
  }

  /** Every text that a message has ever had. */
  texts(id: string): string[] {
    return getOrAdd(this.#texts, id);
  }

  /** Every text that a message had that is deleted. */
  get deletedTexts(): ReadonlySet<string> {
    return new Set(this.#deletions.keys().flatMap((id) => this.texts(id)));
  }

  /** Whether there is a message, and it is not deleted. */
  has(id: string): boolean {
    return this.texts(id).length > 0 && !this.#deletions.has(id);
  }

  /** Whether nobody need be told of a change any more: its message is gone. */
  isOvertaken({ seq, id }: Change): boolean {
    return (this.#deletions.get(id) ?? 0) > seq;
  }

  /** Fails unless a change that somebody is told of was made so, but for a text that is newer. */
  confirm(told: Change): void {
    const made = this.entries(told.room)[told.seq - 1]?.change;
    assert(made, `there is no change ${told.seq} in ${told.room}`);
    assertEquals(lasting(told), lasting(made));
    if ("text" in told) {
      assert(this.texts(told.id).includes(told.text), `${told.id} never had this: ${told.text}`);
    }
  }

  #add(entry: Entry): void {
    const { change, nonce } = entry;
    const entries = this.entries(change.room);
    entries.push(entry);
    assertEquals(change.seq, entries.length, "the store numbers changes without holes");
    if (nonce !== undefined) {
      assert(!this.#nonces.has(nonce), `the nonce ${nonce} made two messages`);
      this.#nonces.add(nonce);
    }
    if ("text" in change) this.texts(change.id).push(change.text);
    if (change.type === "message_deleted") this.#deletions.set(change.id, change.seq);
  }
}

/** What of a change is told as it was made, even when the text has changed since. */
function lasting(change: Change): string {
  const { room, seq, type, id } = change;
  const common = [room, seq, type, id];
  switch (change.type) {
    case "chat_message":
      return [...common, change.user_id, change.username, change.time, change.reply_to].join();
    case "reaction":
      return [...common, change.emoji, change.user_id, change.on].join();
    default:
      return common.join();
  }
}

function getOrAdd<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
