// @ts-check
import { CLOSE } from "./protocol.js";

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
      return `Somebody else is called “${name}” here. Choose another name.`;
    case CLOSE.policy:
      return reason === "" ? `“${name}” cannot be a name here. Choose another one.` : `${reason}.`;
    case CLOSE.unauthorized:
      return "You are not signed in any more. Write your name to come back.";
    case CLOSE.removed:
      return "A moderator has removed you.";
    default:
      return code >= 4500 && code <= 4999 ? "The server has ended your session." : undefined;
  }
}
