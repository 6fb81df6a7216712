import { partner } from "../chat/directs.ts";
import type { Entrance, Room } from "../chat/room.ts";
import type { Message } from "../model/message.ts";
import type { User } from "../model/user.ts";
import { viewMessage } from "../wire/encode.ts";
import type { JoinedEvent, Ref, Since } from "../wire/protocol.ts";

/** What is known of the one who reads a {@linkcode JoinedEvent}. */
export interface Reader {
  /** Who it is. */
  readonly user: User;
  /** The `ref` of the command that it answers. */
  readonly ref?: Ref;
  /** Where they stood. */
  readonly since?: Since;
  /** All that changed since then; `undefined` if that cannot be told, and they get the newest page. */
  readonly missed?: readonly Message[];
}

/** Tells somebody how a room stands, as they see it. */
export function joinedEvent(
  { name, direct }: Room,
  { epoch, seq, messages, count, users }: Entrance,
  { user, ref, since, missed }: Reader,
): JoinedEvent {
  return {
    type: "joined",
    ref,
    room: name,
    epoch,
    // They may come from an instance that is ahead of this one.
    seq: missed ? Math.max(seq, since?.seq ?? 0) : seq,
    recovered: missed !== undefined,
    messages: (missed ?? messages).map((message) => viewMessage(message, user.id)),
    count,
    users,
    with: partner(direct, user.id),
  };
}
