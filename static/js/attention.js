// @ts-check
/** @import { Event } from "../../lib/wire/protocol.ts" */
/** @import { Chat } from "./state/chat.js" */
import { mentions } from "./mentions.js";

/**
 * Of which messages of a room the person wants to hear at once.
 *
 * @typedef {"all" | "mentions" | "none"} Level
 */

/**
 * A message that has just been sent, of somebody else's.
 *
 * @typedef {object} News
 * @property {string} room
 * @property {string} author
 * @property {string} text
 * @property {boolean} personal whether it names the person, or is said to them alone
 */

/**
 * What the person sees at the moment, and what they want.
 *
 * @typedef {object} Watching
 * @property {Level} level
 * @property {boolean} present whether they are at the page: it is visible and has the focus
 * @property {boolean} open whether the newest messages of that room are on the screen
 * @property {boolean} notifications whether they may be called by the desktop
 * @property {boolean} sounds
 */

/**
 * What is to be done about a message: whoever sees it needs no more, and whoever is at the page is not called by the
 * desktop, nor by a sound for what is not theirs.
 *
 * @param {Pick<News, "personal">} news
 * @param {Watching} watching
 * @returns {{ notify: boolean, sound: boolean }}
 */
export function attend({ personal }, { level, present, open, notifications, sounds }) {
  const wanted = level === "all" || level === "mentions" && personal;
  const unseen = wanted && !(present && open);
  return {
    notify: unseen && !present && notifications,
    sound: unseen && (!present || personal) && sounds,
  };
}

/**
 * The news that an event brings, if it does; to be asked before the event changes what is known.
 *
 * @param {Event} event
 * @param {Chat} chat
 * @returns {News | undefined}
 */
export function newsOf(event, { me, rooms }) {
  if (!me) return undefined;
  if (event.type === "chat_message") {
    const { room, text, user_id: userId, username: author } = event;
    if (userId === me.id) return undefined;
    return { room, author, text, personal: isDirect(room) || mentions(text, me.name) };
  }
  if (event.type !== "room_changed" || !event.newest) return undefined;
  const { mentions: named, newest, room, unread } = event;
  const reading = rooms.get(room)?.reading;
  // Told after others were read or deleted, too: only what is added is new.
  if (newest.user_id === me.id || unread <= (reading?.unread(me.id) ?? 0)) return undefined;
  const personal = isDirect(room) || named > (reading?.mentions(me) ?? 0);
  return { room, author: newest.username, text: newest.text, personal };
}

/**
 * How many messages the title, and the icon of the app, tell of.
 *
 * @param {Chat} chat
 * @param {(room: string) => Level} levelOf
 * @returns {{ unread: number, personal: number }}
 */
export function countUnread({ me, rooms }, levelOf) {
  let unread = 0;
  let personal = 0;
  for (const [name, { reading }] of rooms) {
    if (levelOf(name) === "none") continue;
    unread += reading.unread(me?.id);
    personal += isDirect(name) ? reading.unread(me?.id) : reading.mentions(me);
  }
  return { unread, personal };
}

/**
 * Whether a room is a talk of two.
 *
 * @param {string} room
 */
function isDirect(room) {
  return room.startsWith("~");
}
