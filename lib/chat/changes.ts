import type { Draft } from "../model/change.ts";
import { isEmoji } from "../model/emoji.ts";
import { type Action, may } from "../model/may.ts";
import type { Message } from "../model/message.ts";
import { parseText } from "../model/text.ts";
import type { User } from "../model/user.ts";
import { forbidden, notFound, type Outcome, refused, unavailable } from "./outcome.ts";
import type { Room } from "./room.ts";

/** What somebody says. */
export interface Speech {
  /** The text as it was typed. */
  readonly text: string;
  /** The client's own id of it: said again with it, it is stored once. */
  readonly nonce?: string;
  /** The id of the message that it answers. */
  readonly reply_to?: string;
}

/** What people do to the messages of rooms: the same for sockets of both modes and for HTTP. */
export class Changes {
  readonly #maxChars: number;
  readonly #newId: () => string;
  readonly #now: () => number;

  /** Messages have at most `maxChars` characters; `newId` makes their ids, `now` tells milliseconds since 1970. */
  constructor(maxChars: number, newId: () => string, now: () => number = Date.now) {
    this.#maxChars = maxChars;
    this.#newId = newId;
    this.#now = now;
  }

  /** Says something in a room. */
  async send(room: Room, user: User, { text: input, nonce, reply_to }: Speech): Promise<Outcome> {
    if (!may(user, "send", room.name)) return forbidden("send", room.name);
    const text = parseText(input, this.#maxChars);
    if (!text.ok) return refused(text.code, text.reason);
    return await append(room, {
      type: "chat_message",
      room: room.name,
      id: this.#newId(),
      user_id: user.id,
      username: user.name,
      text: text.text,
      time: this.#now(),
      ...(reply_to !== undefined && { reply_to }),
      ...(nonce !== undefined && { nonce }),
    });
  }

  /** Gives a message of the user's own a new text. */
  async edit(room: Room, user: User, id: string, input: string): Promise<Outcome> {
    const text = parseText(input, this.#maxChars);
    if (!text.ok) return refused(text.code, text.reason);
    return await change(room, user, "edit", id, () => ({
      type: "message_edited",
      room: room.name,
      id,
      text: text.text,
      edited_at: this.#now(),
    }));
  }

  /** Turns a message into a tombstone. */
  delete(room: Room, user: User, id: string): Promise<Outcome> {
    return change(
      room,
      user,
      "delete",
      id,
      () => ({ type: "message_deleted", room: room.name, id }),
    );
  }

  /** Puts a reaction on a message, or takes it off. */
  async react(room: Room, user: User, id: string, emoji: string, on: boolean): Promise<Outcome> {
    if (!isEmoji(emoji)) return refused("bad_request", "A reaction must be one emoji");
    return await change(room, user, "react", id, () => ({
      type: "reaction",
      room: room.name,
      id,
      emoji,
      user_id: user.id,
      on,
    }));
  }
}

async function change(
  room: Room,
  user: User,
  action: Action,
  id: string,
  draft: (message: Message) => Draft,
): Promise<Outcome> {
  try {
    const message = await room.find(id);
    if (!message || message.deleted) return notFound(id);
    if (!may(user, action, room.name, message.user_id)) return forbidden(action, room.name);
    return await append(room, draft(message));
  } catch (error) {
    return unavailable(error);
  }
}

async function append(room: Room, draft: Draft): Promise<Outcome> {
  try {
    const appended = await room.append(draft);
    if ("change" in appended) return { ok: true, id: appended.change.id, seq: appended.change.seq };
    if ("repeats" in appended) return { ok: true, ...appended.repeats };
    return appended.refused === "not_found"
      ? notFound(draft.id)
      : refused("too_many", "A message can have at most 20 different reactions");
  } catch (error) {
    return unavailable(error);
  }
}
