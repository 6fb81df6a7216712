import type { Draft } from "../model/change.ts";
import { isEmoji } from "../model/emoji.ts";
import { type Action, may } from "../model/may.ts";
import { parseText } from "../model/text.ts";
import type { User } from "../model/user.ts";
import { type Appended, StoreUnavailableError } from "../store/store.ts";
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

/** Is told once what became of what somebody asked for, before anyone hears of the change. */
export type Answer = (outcome: Outcome) => void;

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
  send(room: Room, user: User, speech: Speech, answer: Answer): void {
    const { text: input, nonce, reply_to } = speech;
    if (!may(user, "send", room.name, room)) return answer(forbidden("send", room.name));
    const text = parseText(input, this.#maxChars);
    if (!text.ok) return answer(refused(text.code, text.reason));
    const draft: Draft = {
      type: "chat_message",
      room: room.name,
      id: this.#newId(),
      user_id: user.id,
      username: user.name,
      text: text.text,
      time: this.#now(),
      ...(reply_to !== undefined && { reply_to }),
      ...(nonce !== undefined && { nonce }),
    };
    append(room, draft, answer);
  }

  /** Gives a message of the user's own a new text. */
  async edit(room: Room, user: User, id: string, input: string, answer: Answer): Promise<void> {
    const text = parseText(input, this.#maxChars);
    if (!text.ok) return answer(refused(text.code, text.reason));
    await change(room, user, "edit", {
      type: "message_edited",
      room: room.name,
      id,
      text: text.text,
      edited_at: this.#now(),
    }, answer);
  }

  /** Turns a message into a tombstone: one of the user's own, or of anybody's if they are a moderator. */
  async delete(
    room: Room,
    user: User,
    { id, moderator }: { readonly id: string; readonly moderator: boolean },
    answer: Answer,
  ): Promise<void> {
    const draft: Draft = { type: "message_deleted", room: room.name, id };
    await change(room, user, "delete", draft, answer, moderator);
  }

  /** Puts a reaction on a message, or takes it off. */
  async react(
    room: Room,
    user: User,
    { id, emoji, on }: { readonly id: string; readonly emoji: string; readonly on: boolean },
    answer: Answer,
  ): Promise<void> {
    if (!isEmoji(emoji)) return answer(refused("bad_request", "A reaction must be one emoji"));
    await change(room, user, "react", {
      type: "reaction",
      room: room.name,
      id,
      emoji,
      user_id: user.id,
      on,
    }, answer);
  }
}

async function change(
  room: Room,
  user: User,
  action: Action,
  draft: Draft,
  answer: Answer,
  moderator = false,
): Promise<void> {
  try {
    const message = await room.find(draft.id);
    if (!message || message.deleted) return answer(notFound(draft.id));
    const { direct } = room;
    if (!may(user, action, room.name, { direct, author: message.user_id, moderator })) {
      return answer(forbidden(action, room.name));
    }
  } catch (error) {
    return answer(unavailable(error));
  }
  append(room, draft, answer);
}

function append(room: Room, draft: Draft, answer: Answer): void {
  room.append(draft, (appended) => {
    answer(
      appended instanceof StoreUnavailableError
        ? unavailable(appended)
        : outcome(appended, target(draft)),
    );
  });
}

/** The message that a draft rests on. */
function target(draft: Draft): string {
  return draft.type === "chat_message" ? draft.reply_to ?? "" : draft.id;
}

function outcome(appended: Appended, id: string): Outcome {
  if ("change" in appended) return { ok: true, id: appended.change.id, seq: appended.change.seq };
  if ("repeats" in appended) return { ok: true, ...appended.repeats };
  return appended.refused === "not_found"
    ? notFound(id)
    : refused("too_many", "A message can have at most 20 different reactions");
}
