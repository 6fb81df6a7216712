// @ts-check
/** @import { ErrorCode } from "../../lib/wire/codes.ts" */
import { CLOSE, isDirectName } from "./protocol.js";
import { explain, t } from "./strings.js";

/**
 * What the page says of errors of which it knows more than the server does: what the person can do now. Of all others
 * the server's own sentence tells what was expected, and what came.
 *
 * @type {Partial<Record<ErrorCode, string>>}
 */
const SENTENCES = Object.freeze({
  unknown_type: t.errors.oldPage,
  unauthorized: t.errors.signedOut,
  room_full: t.errors.roomFull,
});

/**
 * What to tell a person of an error.
 *
 * @param {{ readonly code?: string | undefined, readonly message: string }} error
 * @returns {string}
 */
export function errorSentence({ code, message }) {
  const known = SENTENCES[/** @type {ErrorCode} */ (code)];
  return known ?? explain(code, /[.!?…]$/.test(message) ? message : `${message}.`);
}

/**
 * What to tell a person whom the server does not let into a room.
 *
 * @param {{ readonly code: string, readonly message: string }} error
 * @param {string} room
 */
export function roomSentence(error, room) {
  if (error.code === "forbidden") return isDirectName(room) ? t.errors.notYours : t.errors.notLetIn;
  return error.code === "too_many" ? t.errors.tooManyRooms : errorSentence(error);
}

/**
 * What to tell a person of something they did in a room that the server will not take.
 *
 * @param {{ readonly code: string, readonly message: string }} error
 */
export function deedSentence(error) {
  return error.code === "not_found" ? t.errors.gone : errorSentence(error);
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
      return t.errors.takenOver;
    default:
      return code >= 4500 && code <= 4999 ? t.signIn.ended : undefined;
  }
}
