// @ts-check
/** @import { ChangeCommand } from "../../../lib/wire/protocol.ts" */

/**
 * Something that the person did and that the server has not confirmed.
 *
 * `attempted` says that it may have reached the server: from then on it is not changed any more, since the server keeps
 * the first version of a nonce.
 *
 * @typedef {object} Outgoing
 * @property {string} nonce its name in all attempts, so that it is done once
 * @property {"send" | "edit" | "delete" | "react"} kind
 * @property {string} room
 * @property {number} time when it was done, in milliseconds since 1970
 * @property {string} [id] the message that it changes
 * @property {string} [of] the nonce of that message, as long as it waits here too and has no id yet
 * @property {string} [text]
 * @property {string} [replyTo] the id of the message that is answered
 * @property {string} [emoji]
 * @property {boolean} [on]
 * @property {number} [notBefore] until when the person may take it back
 * @property {boolean} [attempted]
 * @property {string} [failed] why the server will not take it, for the person
 */

/** A list of what is outgoing, in the order in which it was done. @typedef {readonly Outgoing[]} Outgoings */

/**
 * Adds something at the end. What undoes or replaces an earlier thing that has not left yet takes its place.
 *
 * @param {Outgoings} list
 * @param {Outgoing} item
 * @returns {Outgoings}
 */
export function add(list, item) {
  const { kind, of: target, text } = item;
  if (list.some(({ nonce }) => nonce === item.nonce)) return list;
  if (kind === "react") {
    const before = list.findLast((other) => sameReaction(other, item));
    if (before && !before.attempted) return remove(list, before.nonce);
  }
  const waiting = list.find(({ nonce }) => nonce === target);
  if (kind === "edit" && waiting && !waiting.attempted) {
    return replace(list, waiting.nonce, ({ failed: _, ...other }) => ({ ...other, text }));
  }
  return [...list, item];
}

/**
 * Marks something as about to leave. A message that is to be deleted before it ever left goes away, and its deletion
 * with it.
 *
 * @param {Outgoings} list
 * @param {string} nonce
 * @returns {Outgoings}
 */
export function claim(list, nonce) {
  const item = list.find((other) => other.nonce === nonce);
  if (item && item.of !== undefined && item.id === undefined) return strike(list, item);
  return replace(list, nonce, (other) => ({ ...other, attempted: true }));
}

/**
 * Takes out what the server has confirmed. What changes a message that now has an id is told the id.
 *
 * @param {Outgoings} list
 * @param {string} nonce
 * @param {string} id
 * @returns {Outgoings}
 */
export function settle(list, nonce, id) {
  return list.filter((item) => item.nonce !== nonce).map((item) => {
    if (item.of !== nonce) return item;
    const { of: _, ...other } = item;
    return { ...other, id };
  });
}

/**
 * Notes that the server will never take something. A message is then as the person last wanted it; a reaction is not
 * worth a word.
 *
 * @param {Outgoings} list
 * @param {string} nonce
 * @param {string} reason
 * @returns {Outgoings}
 */
export function fail(list, nonce, reason) {
  const item = list.find((other) => other.nonce === nonce);
  const changes = list.filter(({ of: target }) => target === nonce);
  if (item?.kind === "react" || changes.some(({ kind }) => kind === "delete")) {
    return remove(list, nonce);
  }
  const text = changes.at(-1)?.text ?? item?.text;
  return replace(
    list.filter((other) => !changes.includes(other)),
    nonce,
    ({ attempted: _, ...other }) => ({
      ...other,
      ...(text !== undefined && { text }),
      failed: reason,
    }),
  );
}

/**
 * Puts something that failed at the end, to be sent again.
 *
 * @param {Outgoings} list
 * @param {string} nonce
 * @returns {Outgoings}
 */
export function retry(list, nonce) {
  const item = list.find((other) => other.nonce === nonce);
  if (!item) return list;
  const { failed: _, ...again } = item;
  return [...list.filter((other) => other !== item), again];
}

/**
 * Takes something out, and all that depends on it.
 *
 * @param {Outgoings} list
 * @param {string} nonce
 * @returns {Outgoings}
 */
export function remove(list, nonce) {
  return list.filter((item) => item.nonce !== nonce && item.of !== nonce);
}

/**
 * Whether a message is to be deleted before it ever left.
 *
 * @param {Outgoings} list
 * @param {Outgoing} item
 */
export function isStruck(list, { attempted, kind, nonce }) {
  return kind === "send" && !attempted &&
    list.some((other) => other.kind === "delete" && other.of === nonce);
}

/**
 * What to tell the server.
 *
 * @param {Outgoing} item
 * @returns {ChangeCommand}
 */
export function toCommand(
  { nonce, kind, room, id = "", text = "", replyTo, emoji = "", on = true },
) {
  switch (kind) {
    case "send": {
      const answers = replyTo === undefined ? {} : { reply_to: replyTo };
      return { type: "send", ref: nonce, nonce, room, text, ...answers };
    }
    case "edit":
      return { type: "edit", ref: nonce, room, id, text };
    case "delete":
      return { type: "delete", ref: nonce, room, id };
    case "react":
      return { type: "react", ref: nonce, room, id, emoji, on };
  }
}

/**
 * @param {Outgoings} list
 * @param {Outgoing} deletion
 */
function strike(list, deletion) {
  const target = list.find(({ nonce }) => nonce === deletion.of);
  return target && !target.attempted
    ? remove(list, target.nonce)
    : target
    ? list
    : remove(list, deletion.nonce);
}

/**
 * @param {Outgoings} list
 * @param {string} nonce
 * @param {(item: Outgoing) => Outgoing} change
 */
function replace(list, nonce, change) {
  return list.map((item) => item.nonce === nonce ? change(item) : item);
}

/**
 * @param {Outgoing} a
 * @param {Outgoing} b
 */
function sameReaction(a, b) {
  return a.kind === "react" && a.room === b.room && a.id === b.id && a.emoji === b.emoji;
}
