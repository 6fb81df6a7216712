import type { ChatMessage } from "../model/change.ts";
import type { Message } from "../model/message.ts";
import type { AckEvent, Event, MessageView } from "./protocol.ts";

/** Turns an event into the JSON that crosses the socket. */
export function encodeEvent(event: Event): string {
  if (event.type === "chat_message") return encodeChatMessage(event);
  return event.type === "ack" ? encodeAck(event) : JSON.stringify(event);
}

// These two by hand, since this is what a chat does all day. Only `text` and names can hold what JSON must escape:
// room names, ids and numbers cannot.
function encodeChatMessage(event: ChatMessage): string {
  const reply = event.reply_to === undefined ? "" : `,"reply_to":${JSON.stringify(event.reply_to)}`;
  return `{"type":"chat_message","room":"${event.room}","seq":${event.seq},"id":"${event.id}",` +
    `"user_id":"${event.user_id}","username":${JSON.stringify(event.username)},` +
    `"text":${JSON.stringify(event.text)},"time":${event.time}${reply}}`;
}

function encodeAck({ ref, id, seq }: AckEvent): string {
  const answered = ref === undefined ? "" : `"ref":${JSON.stringify(ref)},`;
  return `{"type":"ack",${answered}"id":"${id}","seq":${seq}}`;
}

/** Joins encoded events into one frame: the event itself if it is alone, else an array. */
export function encodeFrame(events: readonly string[]): string {
  return events.length === 1 ? events[0]! : `[${events.join(",")}]`;
}

/** Shows a message to one reader: `mine` tells which reactions are theirs. */
export function viewMessage(message: Message, readerId: string): MessageView {
  const { reactions, ...rest } = message;
  if (!reactions) return rest;
  const counts = Object.entries(reactions).map(([emoji, users]) =>
    [emoji, { count: users.length, mine: users.includes(readerId) }] as const
  );
  return { ...rest, reactions: Object.fromEntries(counts) };
}
