// @ts-check
/** @import { Outgoing } from "./outgoing.js" */
/** @import { Said } from "./timeline.js" */

/**
 * What the person changed about a message, as the message then looks. `undo` is the nonce of a deletion that can be
 * taken back, `unsaved` a change that the server would not take.
 *
 * @typedef {{ readonly message: Said, readonly undo: string | undefined, readonly unsaved: Outgoing | undefined,
 *   readonly changing: boolean }} Overlaid
 */

/**
 * The changes that wait, by the message that they change: its id, or its nonce if it has none.
 *
 * @param {readonly Outgoing[]} items
 * @returns {Map<string, Outgoing[]>}
 */
export function changesByTarget(items) {
  /** @type {Map<string, Outgoing[]>} */
  const changes = new Map();
  for (const item of items) {
    const target = item.id ?? item.of;
    if (target === undefined) continue;
    changes.set(target, [...changes.get(target) ?? [], item]);
  }
  return changes;
}

/**
 * A message as the person already sees it.
 *
 * @template {Said} M
 * @param {M} message
 * @param {readonly Outgoing[]} changes in order
 * @param {number} now
 * @returns {Overlaid}
 */
export function overlay(message, changes, now) {
  /** @type {Said} */
  let changed = message;
  /** @type {string | undefined} */
  let undo;
  for (const item of changes) {
    if (item.failed !== undefined) continue;
    changed = applied(changed, item);
    if (item.kind === "delete" && (item.notBefore ?? 0) > now) undo = item.nonce;
  }
  const unsaved = changes.find(({ failed }) => failed !== undefined);
  return { message: changed, undo, unsaved, changing: changes.some(({ failed }) => !failed) };
}

/**
 * @param {Said} message
 * @param {Outgoing} item
 * @returns {Said}
 */
function applied(message, { kind, text, time, emoji = "", on = true }) {
  switch (kind) {
    case "edit":
      return message.deleted ? message : { ...message, text: text ?? "", edited_at: time };
    case "delete": {
      const { text: _text, reactions: _reactions, ...tombstone } = message;
      return { ...tombstone, deleted: true };
    }
    case "react": {
      const { [emoji]: before = { count: 0, mine: false }, ...others } = message.reactions ?? {};
      if (before.mine === on) return message;
      const count = before.count + (on ? 1 : -1);
      const reactions = { ...message.reactions, [emoji]: { ...before, count, mine: on } };
      return { ...message, reactions: count > 0 ? reactions : others };
    }
    default:
      return message;
  }
}
