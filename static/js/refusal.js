// @ts-check
import { CLOSE } from "./protocol.js";
import { explain, t } from "./strings.js";

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
    default:
      return code >= 4500 && code <= 4999 ? t.signIn.ended : undefined;
  }
}
