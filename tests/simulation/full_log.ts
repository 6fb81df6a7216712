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
  readonly #rooms = new Map<string, Entry[]>();
  /** Where each message became a tombstone. */
  readonly #deletions = new Map<string, number>();
  readonly #texts = new Map<string, string[]>();
  readonly #nonces = new Set<string>();
  readonly #lostNonces = new Set<string>();

  /** It is empty at first; `now` tells milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes what the store made of a draft. Fails if it left out a number or stored a nonce again. */
  add({ nonce }: Draft, appended: Appended): void {
    if (!("change" in appended)) return;
    const { change } = appended;
    const entries = this.entries(change.room);
    entries.push({ change, nonce, at: this.#now() });
    assertEquals(change.seq, entries.length, "the store numbers changes without holes");
    if (nonce !== undefined) {
      assert(!this.#nonces.has(nonce), `the nonce ${nonce} made two messages`);
      this.#nonces.add(nonce);
    }
    if ("text" in change) this.texts(change.id).push(change.text);
    if (change.type === "message_deleted") this.#deletions.set(change.id, change.seq);
  }

  /** Notes that an attempt to store a draft came to nothing. */
  lose({ nonce }: Draft): void {
    if (nonce !== undefined) this.#lostNonces.add(nonce);
  }

  /** Whether an attempt to store a message came to nothing, so that those behind it may have overtaken it. */
  hasLost(nonce: string): boolean {
    return this.#lostNonces.has(nonce);
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

  /** Whether a message is deleted. */
  isDeleted(id: string): boolean {
    return this.#deletions.has(id);
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
