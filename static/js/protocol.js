// @ts-check

/** The subprotocol that the server speaks. */
export const SUBPROTOCOL = "parley.v1";

/** The prefix of a second subprotocol that carries a token. */
export const TOKEN_SUBPROTOCOL = "parley.token.";

/** The close codes that the page tells apart. */
export const CLOSE = Object.freeze({
  normal: 1000,
  policy: 1008,
  restarted: 1012,
  flooding: 4001,
  unauthorized: 4500,
  nameTaken: 4501,
  removed: 4502,
  takenOver: 4503,
});

/**
 * Whether a client that was closed with this code should connect again.
 *
 * @param {number} code
 */
export function comesBack(code) {
  if (code >= 4500 && code <= 4999) return false;
  return code !== 1002 && code !== 1003 && code !== 1008 && code !== 1009;
}

const ROOM_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;

/**
 * Whether a text is the name of a room that people may open.
 *
 * @param {string} name
 */
export function isRoomName(name) {
  return ROOM_NAME.test(name);
}

const DIRECT_NAME = /^~[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/**
 * Whether a text is the name of a direct room, which only the server gives.
 *
 * @param {string} name
 */
export function isDirectName(name) {
  return DIRECT_NAME.test(name);
}

/**
 * The room name that somebody most likely means who types `text`; it need not be a valid one.
 *
 * @param {string} text
 */
export function toRoomName(text) {
  return text.trim().replace(/^#/, "").toLowerCase().replace(/[\s_]+/g, "-");
}

/** Holds all emoji that there are, which takes a moment: it is made when it is first asked. @type {RegExp | undefined} */
let emoji;

/**
 * Whether a text is one emoji, as the server takes it.
 *
 * @param {string} text
 */
export function isEmoji(text) {
  emoji ??= new RegExp("^\\p{RGI_Emoji}$", "v");
  return emoji.test(text);
}

/**
 * The number of characters (code points) in a text, as the server counts them.
 *
 * @param {string} text
 */
export function countChars(text) {
  return Array.from(text).length;
}
