// @ts-check
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { MessageView } from "../../../lib/wire/protocol.ts" */
/** @import { Room } from "./room.js" */

/**
 * The last page of a room as a person saw it: the newest messages, after the change `seq` of the log `epoch`, and until
 * where the person had read; of a direct room, with whom it is.
 *
 * @typedef {object} Page
 * @property {string} room
 * @property {string} epoch
 * @property {number} seq
 * @property {number} read
 * @property {readonly MessageView[]} messages
 * @property {User} [with]
 */

/** How many messages of a room are kept. */
const MAX_KEPT = 50;

/**
 * What is to be kept of a room for the next visit: its newest messages without a hole between them, and none that may
 * have changed meanwhile.
 *
 * @param {Room} room
 * @param {User} [partner]
 * @returns {Page | undefined} `undefined` if the server has not told anything of it
 */
export function toPage({ gap, messages, name, reading, since, staleBefore = 0 }, partner) {
  if (!since) return undefined;
  const from = Math.max(gap?.before ?? 0, staleBefore);
  const newest = messages.list.slice(-MAX_KEPT).filter(({ pos }) => pos >= from);
  return {
    room: name,
    ...since,
    read: reading.pos,
    messages: newest.map(({ key: _, ...message }) => message),
    ...(partner && { with: partner }),
  };
}
