import type { Credentials } from "../auth/credentials.ts";
import { identify, type Refusal } from "../auth/identify.ts";
import { partner } from "../chat/directs.ts";
import { isDirectName } from "../model/names.ts";
import type { Direct } from "../store/store.ts";
import { CLOSE } from "../wire/codes.ts";
import type { WelcomeEvent } from "../wire/protocol.ts";
import { type ConnectionServices, NAME_KEPT_MS } from "./services.ts";

/** Somebody who may come in. */
export interface Welcome {
  /** What their connection is told first. */
  readonly event: WelcomeEvent;
  /** Their rooms, and the newest change of each. */
  readonly rooms: readonly { readonly room: string; readonly seq: number }[];
}

/**
 * Finds out who a `parley.v1` connection speaks for, and takes their name for it; answers why it may not speak.
 *
 * Whoever is welcome is attached to the presence. Rejects when the store does not answer.
 */
export async function welcome(
  credentials: Credentials,
  services: ConnectionServices,
): Promise<Welcome | Refusal> {
  const { config, directs, instance, presence, store, tokens, version } = services;
  const identity = await identify(credentials, tokens);
  if ("code" in identity) return identity;

  const { user, guest, moderator = false } = identity;
  const held = await presence.attach({ user, keepMs: guest ? 0 : NAME_KEPT_MS });
  if (!held) return { code: CLOSE.nameTaken, reason: "somebody else holds this name" };
  const rooms = await store.standings(user);
  const theirs = rooms.some(({ room }) => isDirectName(room))
    ? await directs.ofUser(user.id)
    : new Map<string, Direct>();
  // A token that was brought is handed back, as a new one would outlive it.
  const token = credentials.kind === "token"
    ? credentials.token
    : await tokens.sign(user, { guest });
  const event: WelcomeEvent = {
    type: "welcome",
    user,
    token,
    ...(moderator && { moderator }),
    instance,
    version,
    limits: {
      message_chars: config.maxMessageChars,
      frame_bytes: config.maxFrameBytes,
      messages_per_second: config.messagesPerSecond,
      message_burst: config.messageBurst,
      rooms: config.roomsPerConnection,
      history: config.historyOnJoin,
    },
    search: store.searchable,
    rooms: rooms.map(({ room, read, unread, mentions, newest }) => ({
      room,
      read,
      unread,
      mentions,
      newest,
      with: partner(theirs.get(room), user.id),
    })),
  };
  return { event, rooms };
}
