// @ts-check
/** @import { ErrorCode } from "../../lib/wire/codes.ts" */
import { CLOSE, isDirectName } from "./protocol.js";
import { explain, language, t } from "./strings.js";

/**
 * What the page says of errors of which it knows more than the server does: what the person can do now. Of all others
 * the server's own sentence tells what was expected, and what came.
 *
 * @type {Partial<Record<ErrorCode, string>>}
 */
const SENTENCES = Object.freeze({
  unknown_type:
    "The server does not know what this page asks for. Reload the page, it may be an old one.",
  unauthorized: "You are not signed in any more. Reload the page to sign in.",
  room_full: "The room is full. Try again when somebody has left it.",
});
const NOT_YOURS = "This conversation is between two other people.";
const NOT_LET_IN = "This room does not let you in.";
const TOO_MANY_ROOMS = "You are in as many rooms as one can be. Leave one, then try again.";
const TAKEN_OVER = "You came in somewhere else, which ended your session here.";
const GONE = "The message that this one answers is gone.";

/**
 * What to tell a person of an error.
 *
 * @param {{ readonly code?: string | undefined, readonly message: string }} error
 * @returns {string}
 */
export function errorSentence({ code, message }) {
  const known = language === "en" ? SENTENCES[/** @type {ErrorCode} */ (code)] : undefined;
  return known ?? explain(code, /[.!?…]$/.test(message) ? message : `${message}.`);
}

/**
 * What to tell a person whom the server does not let into a room.
 *
 * @param {{ readonly code: string, readonly message: string }} error
 * @param {string} room
 */
export function roomSentence(error, room) {
  if (error.code === "forbidden") return isDirectName(room) ? NOT_YOURS : NOT_LET_IN;
  return error.code === "too_many" ? TOO_MANY_ROOMS : errorSentence(error);
}

/**
 * What to tell a person of something they did in a room that the server will not take.
 *
 * @param {{ readonly code: string, readonly message: string }} error
 */
export function deedSentence(error) {
  return error.code === "not_found" ? GONE : errorSentence(error);
}

/**
 * What to tell a person whom the server turned away, on the card on which they may sign in again; `undefined` if
 * signing in would not help.
 *
 * @param {number} code the close code
 * @param {string} reason what the server gave as the reason
 * @param {string} name the person's
 * @returns {string | undefined}
 */
export function refusalSentence(code, reason, name) {
  switch (code) {
    case CLOSE.nameTaken:
      return t.signIn.nameTaken(name);
    case CLOSE.policy:
      return reason === "" ? t.signIn.nameRefused(name) : explain("bad_name", `${reason}.`);
    case CLOSE.unauthorized:
      return t.signIn.signedOut;
    case CLOSE.removed:
      return t.signIn.removed;
    case CLOSE.takenOver:
      return TAKEN_OVER;
    default:
      return code >= 4500 && code <= 4999 ? t.signIn.ended : undefined;
  }
}
