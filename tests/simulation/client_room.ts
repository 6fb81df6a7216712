import { assert } from "@std/assert";
import type { Change } from "../../lib/model/change.ts";
import type { JoinedEvent, MessageView, Since } from "../../lib/wire/protocol.ts";

/** A room as a client knows it: of each message the newest version that came, whichever way it came. */
export class ClientRoom {
  /** Who is in it, by id. */
  readonly people = new Set<string>();
  readonly #readerId: string;
  readonly #messages = new Map<string, MessageView>();
  /** Changes to messages that are not held: those may be on their way. */
  readonly #early = new Map<string, Change[]>();
  #epoch: string | undefined;
  #seq = 0;
  #heldFrom = 1;

  /** It is empty at first; `readerId` says whose reactions are the client's own. */
  constructor(readerId: string) {
    this.#readerId = readerId;
  }

  /** Where the client stands in the log, for its return. */
  get since(): Since | undefined {
    return this.#epoch === undefined ? undefined : { epoch: this.#epoch, seq: this.#seq };
  }

  /** The newest change that the client has. */
  get seq(): number {
    return this.#seq;
  }

  /** The place from which on every message is held; 1 when nothing is missing. */
  get heldFrom(): number {
    return this.#heldFrom;
  }

  /** The messages, in the order of their places. */
  get messages(): MessageView[] {
    return [...this.#messages.values()].sort((one, other) => one.pos - other.pos);
  }

  /** A message, if it is held. */
  get(id: string): MessageView | undefined {
    return this.#messages.get(id);
  }

  /** Takes the answer to `join`. */
  enter({ epoch, seq, recovered, messages, users, count }: JoinedEvent): void {
    assert(users.length === count, "all people are listed");
    if (recovered) {
      assert(epoch === this.#epoch, "what was recovered is of the log that the client knows");
      this.#seq = Math.max(this.#seq, seq);
    } else {
      this.#messages.clear();
      this.#early.clear();
      this.#epoch = epoch;
      this.#seq = seq;
      this.#heldFrom = messages[0]?.pos ?? seq + 1;
    }
    for (const message of messages) {
      // An older one comes with its page: held by itself it would hide the gap behind it.
      if (message.pos >= this.#heldFrom) this.#put(message);
    }
    this.people.clear();
    for (const { id } of users) this.people.add(id);
  }

  /** Takes the messages that stand right before those that are held; none means that there are none. */
  prepend(messages: readonly MessageView[]): void {
    this.#heldFrom = messages[0]?.pos ?? 1;
    for (const message of messages) this.#put(message);
  }

  /** Takes a change that everyone is told of. */
  apply(change: Change): void {
    this.#seq = Math.max(this.#seq, change.seq);
    if (change.type === "chat_message") {
      const { type: _, ...message } = change;
      this.#put({ ...message, pos: change.seq });
      return;
    }
    const held = this.#messages.get(change.id);
    if (held) this.#change(held, change);
    else this.#early.set(change.id, [...this.#early.get(change.id) ?? [], change]);
  }

  #put(message: MessageView): void {
    const held = this.#messages.get(message.id);
    if (held && held.seq >= message.seq) return;
    this.#messages.set(message.id, message);
    const early = this.#early.get(message.id) ?? [];
    this.#early.delete(message.id);
    for (const change of early) this.apply(change);
  }

  #change(held: MessageView, change: Change): void {
    if (held.seq >= change.seq) return;
    this.#messages.set(held.id, changed(held, change, this.#readerId));
  }
}

function changed(message: MessageView, change: Change, readerId: string): MessageView {
  const { seq } = change;
  switch (change.type) {
    case "chat_message":
      return message;
    case "message_edited":
      return { ...message, seq, text: change.text, edited_at: change.edited_at };
    case "message_deleted": {
      const { text: _, edited_at: __, reactions: ___, ...rest } = message;
      return { ...rest, seq, deleted: true };
    }
    case "reaction": {
      const { [change.emoji]: before, ...others } = message.reactions ?? {};
      const count = (before?.count ?? 0) + (change.on ? 1 : -1);
      const mine = change.user_id === readerId ? change.on : before?.mine ?? false;
      const reactions = count > 0 ? { ...others, [change.emoji]: { count, mine } } : others;
      return { ...message, seq, reactions };
    }
  }
}
