import type { Change, ChatMessage } from "../model/change.ts";
import type { Message } from "../model/message.ts";

/** The newest messages of a room as they now stand, held in memory. */
export class History {
  /** By id, in the order of their places. */
  readonly #messages: Map<string, Message>;
  /** Stands before the oldest message. One that begins anew steps over all that was ever removed. */
  readonly #oldest: Iterator<string>;
  readonly #capacity: number;

  /** Holds at most `capacity` messages; `messages` come oldest first. */
  constructor(capacity: number, messages: readonly Message[]) {
    this.#capacity = capacity;
    this.#messages = new Map(messages.map((message) => [message.id, message]));
    this.#oldest = this.#messages.keys();
    this.#shrink();
  }

  /** The `limit` newest messages, oldest first. */
  newest(limit: number): Message[] {
    return this.#messages.values().drop(Math.max(0, this.#messages.size - limit)).toArray();
  }

  /** A message, if it is held here. */
  get(id: string): Message | undefined {
    return this.#messages.get(id);
  }

  /** Applies a change; one to a message that is not held is of no concern here. */
  apply(change: Change): void {
    if (change.type === "chat_message") {
      this.#messages.set(change.id, sent(change));
      this.#shrink();
      return;
    }
    const message = this.#messages.get(change.id);
    if (message) this.#messages.set(change.id, changed(message, change));
  }

  #shrink(): void {
    while (this.#messages.size > this.#capacity) this.#messages.delete(this.#oldest.next().value!);
  }
}

// Field by field, which is several times as fast as spreading.
function sent(change: ChatMessage): Message {
  const { room, seq, id, user_id, username, text, time, reply_to } = change;
  return reply_to === undefined
    ? { room, seq, pos: seq, id, user_id, username, text, time }
    : { room, seq, pos: seq, id, user_id, username, text, time, reply_to };
}

function changed(message: Message, change: Exclude<Change, ChatMessage>): Message {
  const { seq } = change;
  switch (change.type) {
    case "message_edited":
      return { ...message, seq, text: change.text, edited_at: change.edited_at };
    case "message_deleted": {
      const { text: _, reactions: __, edited_at: ___, ...rest } = message;
      return { ...rest, seq, deleted: true };
    }
    case "reaction": {
      const { reactions: all = {}, ...rest } = message;
      const { [change.emoji]: before = [], ...others } = all;
      const without = before.filter((id) => id !== change.user_id);
      const users = change.on ? [...without, change.user_id] : without;
      const reactions = users.length > 0 ? { ...all, [change.emoji]: users } : others;
      return { ...rest, seq, ...(Object.keys(reactions).length > 0 && { reactions }) };
    }
  }
}
