import type { Draft } from "../../../lib/model/change.ts";

/** About as long as people write one in a chat. */
export const TEXT =
  "This is a line of talk, about as long as people write one in a chat, not longer.";

let count = 0;

/** New messages to a room. */
export function drafts(room: string, size: number): Draft[] {
  return Array.from({ length: size }, () => {
    const id = `message-${++count}`;
    return {
      ...{ type: "chat_message", room, id, user_id: "somebody", username: "Somebody" } as const,
      ...{ text: TEXT, time: Date.now(), nonce: id },
    };
  });
}
