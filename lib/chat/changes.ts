import type { Draft } from "../model/change.ts";
import { isEmoji } from "../model/emoji.ts";
import { may } from "../model/may.ts";
import { parseText } from "../model/text.ts";
import type { User } from "../model/user.ts";
import { type Appended, StoreUnavailableError } from "../store/store.ts";
import type { DeleteCommand, EditCommand, ReactCommand } from "../wire/protocol.ts";
import {
  forbidden,
  notFound,
  type Outcome,
  type Refused,
  refused,
  unavailable,
} from "./outcome.ts";
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

/** What somebody does to a message that is there; its `room` is that in which they do it. */
export type Alteration = EditCommand | DeleteCommand | ReactCommand;

/** Who does it. */
export interface Person {
  /** Whose doing it is. */
  readonly user: User;
  /** Whether they may delete what others wrote. */
  readonly moderator: boolean;
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

  /**
   * Changes a message: one of the person's own gets a new text or becomes a tombstone, anybody's gets a reaction or loses it.
   *
   * A moderator makes a tombstone of anybody's.
   */
  async alter(room: Room, person: Person, wanted: Alteration, answer: Answer): Promise<void> {
    const { user, moderator } = person;
    const draft = this.#draft(room.name, user, wanted);
    if ("ok" in draft) return answer(draft);
    try {
      const message = await room.find(draft.id);
      if (!message || message.deleted) return answer(notFound(draft.id));
      const { direct } = room;
      if (!may(user, wanted.type, room.name, { direct, author: message.user_id, moderator })) {
        return answer(forbidden(wanted.type, room.name));
      }
    } catch (error) {
      return answer(unavailable(error));
    }
    append(room, draft, answer);
  }

  #draft(room: string, user: User, wanted: Alteration): Draft | Refused {
    const { id } = wanted;
    switch (wanted.type) {
      case "edit": {
        const text = parseText(wanted.text, this.#maxChars);
        return text.ok
          ? { type: "message_edited", room, id, text: text.text, edited_at: this.#now() }
          : refused(text.code, text.reason);
      }
      case "delete":
        return { type: "message_deleted", room, id };
      case "react": {
        const { emoji, on } = wanted;
        return isEmoji(emoji)
          ? { type: "reaction", room, id, emoji, user_id: user.id, on }
          : refused("bad_request", "A reaction must be one emoji");
      }
    }
  }
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
