// @ts-check
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { Room } from "./room.js" */
import { Names } from "../markup/names.js";

/** Who is known by name in a room: those who are there, and those who wrote what is held of it. */
export class Known {
  #key = "";
  /** @type {Room | undefined} */
  #room;
  /** @type {Map<string, string>} */
  #byId = new Map();
  #names = new Names([]);

  /**
   * Takes note of what a room holds now.
   *
   * @param {Room} room
   * @param {User | undefined} me
   */
  look(room, me) {
    const { messages: { firstPos, lastPos, list }, people } = room;
    const key = JSON.stringify([me?.name, [...people.keys()], firstPos, lastPos, list.length]);
    if (room === this.#room && key === this.#key) return;
    this.#room = room;
    this.#key = key;
    this.#byId = new Map(list.map(({ user_id: id, username }) => [id, username]));
    for (const { id, name } of people.values()) this.#byId.set(id, name);
    if (me) this.#byId.delete(me.id);
    this.#names = new Names(this.#byId.values(), me?.name);
  }

  /** The names that a message may mention. */
  get names() {
    return this.#names;
  }

  /**
   * What somebody else is called, if that is known.
   *
   * @param {string} id
   */
  nameOf(id) {
    return this.#byId.get(id) ?? this.#room?.reactors.get(id);
  }
}
