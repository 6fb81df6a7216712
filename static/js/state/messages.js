// @ts-check
/** @import { Change } from "../../../lib/model/change.ts" */
/** @import { MessageView } from "../../../lib/wire/protocol.ts" */

/**
 * A reaction to a message. The server counts who reacted; `who` are those others whom the page has seen to do it, or has
 * asked for.
 *
 * @typedef {{ readonly count: number, readonly mine: boolean, readonly who?: readonly string[] }} Reaction
 */

/**
 * A message as it stands, and the key of its row on the page: one of the person's own keeps the row it had before
 * the server knew it.
 *
 * @typedef {Omit<MessageView, "reactions"> & { readonly key: string,
 *   readonly reactions?: Readonly<Record<string, Reaction>> }} Message
 */

/**
 * For how many messages that are not held changes are kept, in case the messages are on their way: those that changed
 * last, as a page that is asked for later has what changed before.
 */
const MAX_EARLY = 200;

const NO_REACTION = Object.freeze({ count: 0, mine: false });

/** The messages of a room that the page holds, in order; of each the newest version that came. */
export class Messages {
  /** @type {Message[]} */
  #list = [];
  /** @type {Map<string, Message>} */
  #byId = new Map();
  /** @type {Map<string, { change: Change, myId: string | undefined }[]>} */
  #early = new Map();

  /**
   * All of them, in the order of their places.
   *
   * @returns {readonly Message[]}
   */
  get list() {
    return this.#list;
  }

  /** The place of the oldest one, or 0. */
  get firstPos() {
    return this.#list[0]?.pos ?? 0;
  }

  /** The place of the newest one, or 0. */
  get lastPos() {
    return this.#list.at(-1)?.pos ?? 0;
  }

  /**
   * The message with this id, if it is held.
   *
   * @param {string} id
   */
  get(id) {
    return this.#byId.get(id);
  }

  /**
   * Takes a message as it stood at some time; a version that is older than the one held is dropped.
   *
   * @param {MessageView} view
   * @param {string} [key]
   */
  put(view, key = view.id) {
    const held = this.#byId.get(view.id);
    if (held && held.seq > view.seq) return;
    const message = { ...view, key: held?.key ?? key };
    this.#byId.set(message.id, message);
    this.#list.splice(this.#indexOf(message.pos), held ? 1 : 0, message);

    const early = this.#early.get(message.id) ?? [];
    this.#early.delete(message.id);
    for (const { change, myId } of early) this.#update(message.id, change, myId);
  }

  /**
   * Applies a change of the room's log. `myId` says whose reactions are the person's own.
   *
   * @param {Change} change
   * @param {string} [myId]
   */
  apply(change, myId) {
    if (change.type === "chat_message") {
      const { type: _, ...message } = change;
      return this.put({ ...message, pos: change.seq });
    }
    if (this.#byId.has(change.id)) return this.#update(change.id, change, myId);
    const early = this.#early.get(change.id) ?? [];
    this.#early.delete(change.id);
    this.#early.set(change.id, [...early, { change, myId }]);
    const [oldest] = this.#early.keys();
    if (this.#early.size > MAX_EARLY && oldest !== undefined) this.#early.delete(oldest);
  }

  /**
   * Takes a message as it now is, if it is held.
   *
   * @param {MessageView} view
   */
  update(view) {
    if (this.#byId.has(view.id)) this.put(view);
  }

  /**
   * Takes who reacted to a message, for each emoji the first others in order.
   *
   * @param {string} id
   * @param {ReadonlyMap<string, readonly string[]>} who
   */
  tellReactors(id, who) {
    const held = this.#byId.get(id);
    if (!held?.reactions) return;
    const reactions = Object.entries(held.reactions)
      .map(([emoji, reaction]) => [emoji, { ...reaction, who: who.get(emoji) ?? [] }]);
    this.#replace(held, { ...held, reactions: Object.fromEntries(reactions) });
  }

  /**
   * Holds these messages and no others.
   *
   * @param {readonly MessageView[]} views
   */
  replace(views) {
    const keys = new Map(this.#list.map(({ id, key }) => [id, key]));
    this.#list = [];
    this.#byId.clear();
    this.#early.clear();
    for (const view of views) this.put(view, keys.get(view.id));
  }

  /**
   * Lets go of all but the newest `count`.
   *
   * @param {number} count
   */
  keepNewest(count) {
    this.#keep(this.#list.length - count, this.#list.length);
  }

  /**
   * Lets go of all but `count` messages around a place.
   *
   * @param {number} pos
   * @param {number} count
   */
  keepAround(pos, count) {
    const last = Math.max(0, this.#list.length - count);
    const from = Math.min(last, Math.max(0, this.#indexOf(pos) - Math.floor(count / 2)));
    this.#keep(from, from + count);
  }

  /**
   * Lets go of all from before a place.
   *
   * @param {number} pos
   */
  keepFrom(pos) {
    this.keepNewest(this.#list.length - this.#indexOf(pos));
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  #keep(from, to) {
    const gone = [...this.#list.slice(0, Math.max(0, from)), ...this.#list.slice(to)];
    if (gone.length === 0) return;
    for (const { id } of gone) this.#byId.delete(id);
    this.#list = this.#list.slice(Math.max(0, from), to);
  }

  /**
   * @param {string} id
   * @param {Change} change
   * @param {string} [myId]
   */
  #update(id, change, myId) {
    const held = this.#byId.get(id);
    if (!held || held.seq >= change.seq) return;
    this.#replace(held, changed(held, change, myId));
  }

  /**
   * @param {Message} held
   * @param {Message} message
   */
  #replace(held, message) {
    this.#byId.set(held.id, message);
    this.#list[this.#indexOf(held.pos)] = message;
  }

  /**
   * The index of the first message whose place is not before `pos`; new messages come last, so it looks from there.
   *
   * @param {number} pos
   */
  #indexOf(pos) {
    if (pos > this.lastPos) return this.#list.length;
    let low = 0;
    let high = this.#list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (/** @type {Message} */ (this.#list[middle]).pos < pos) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * @param {Message} message
 * @param {Change} change
 * @param {string | undefined} myId
 * @returns {Message}
 */
function changed(message, change, myId) {
  const { seq } = change;
  switch (change.type) {
    case "message_edited":
      return { ...message, seq, text: change.text, edited_at: change.edited_at };
    case "message_deleted": {
      const { text: _text, reactions: _reactions, ...tombstone } = message;
      return { ...tombstone, seq, deleted: true };
    }
    case "reaction": {
      /** @type {Record<string, Reaction>} */
      const { [change.emoji]: before = NO_REACTION, ...others } = message.reactions ?? {};
      const { emoji, on, user_id: userId } = change;
      const count = before.count + (on ? 1 : -1);
      const mine = userId === myId ? on : before.mine;
      const rest = before.who?.filter((id) => id !== userId) ?? [];
      const who = on && userId !== myId ? [...rest, userId] : rest;
      const reactions = { ...message.reactions, [emoji]: { count, mine, who } };
      return { ...message, seq, reactions: count > 0 ? reactions : others };
    }
    default:
      return message;
  }
}
