import type { Draft } from "../../lib/model/change.ts";
import type { Appended, Store } from "../../lib/store/store.ts";

/** When the messages of tests are sent, in milliseconds since 1970. */
export const TIME = 1_700_000_000_000;

type Sent = Extract<Draft, { type: "chat_message" }>;

let made = 0;

/** A new message, alike in all that the test does not say. */
export function send(fields: Partial<Sent> = {}): Sent {
  made++;
  return {
    type: "chat_message",
    room: "general",
    id: `01HF7YAT00${String(made).padStart(16, "0")}`,
    user_id: "alice0000000",
    username: "Alice",
    text: `Message ${made}`,
    time: TIME + made,
    ...fields,
  };
}

/** A new text for a message. */
export function edit(id: string, text: string, room = "general"): Draft {
  return { type: "message_edited", room, id, text, edited_at: TIME + 1_000_000 };
}

/** The end of a message. */
export function remove(id: string, room = "general"): Draft {
  return { type: "message_deleted", room, id };
}

/** A reaction to a message, or its end. */
export function react(
  id: string,
  emoji: string,
  { on = true, user_id = "alice0000000", room = "general" } = {},
): Draft {
  return { type: "reaction", room, id, emoji, user_id, on };
}

/** Appends one draft. */
export async function append(store: Store, draft: Draft): Promise<Appended> {
  const [appended] = await store.append([draft]);
  return appended!;
}

/** The `seq` of each append that stored something. */
export function seqs(appended: readonly Appended[]): (number | undefined)[] {
  return appended.map((result) => "change" in result ? result.change.seq : undefined);
}
