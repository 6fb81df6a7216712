// @ts-check
/// <reference lib="dom" />
/** @import { Client } from "./client.js" */
/** @import { Room } from "./state/room.js" */
/** @import { MessageRow } from "./state/timeline.js" */
/** @import { ActionName } from "./views/actions_bar.js" */
import { messageAddress } from "./place.js";
import { RequestError } from "./session.js";
import { t } from "./strings.js";
import { Picker } from "./views/picker.js";

/**
 * @typedef {object} ActsOptions
 * @property {() => Client | undefined} client whoever is signed in now
 * @property {() => void} onChange
 * @property {() => void} onWrite is told that the person is about to write
 * @property {(id: string | undefined) => void} onShow is told which message is to be shown with the next change; without
 *   one it is the newest
 * @property {(text: string) => void} onTell is given a sentence for the person
 */

/** What the buttons and keys of a message do, in the room that is open. */
export class Acts {
  #picker = new Picker();
  #options;

  /** @param {ActsOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * Does what a button or key says.
   *
   * @param {ActionName} name
   * @param {MessageRow} row
   * @param {HTMLElement} anchor what a menu opens beside
   */
  act(name, row, anchor) {
    const { id, key, message } = row;
    if (name === "edit") this.edit(row);
    if (name === "delete") this.#client?.deeds.delete(this.#client.chat.current, { id, key });
    if (name === "copyText") this.#copy(message.text ?? "", t.common.textCopied);
    if (name === "reply" && id !== undefined) this.#reply(id);
    if (name === "copyLink" && id !== undefined) this.#copyLink(id);
    if (name === "react" && id !== undefined) {
      this.#picker.open(anchor, (emoji) => {
        this.react(id, emoji, !message.reactions?.[emoji]?.mine);
      });
    }
  }

  /**
   * Lets the person choose an emoji.
   *
   * @param {HTMLElement} anchor what the picker opens beside
   * @param {(emoji: string) => void} onPick
   */
  pick(anchor, onPick) {
    this.#picker.open(anchor, onPick);
  }

  /**
   * Takes the text of a message of the person's own into the composer, to be changed there.
   *
   * @param {MessageRow} row
   */
  edit({ id, key, message }) {
    const room = this.#client?.chat.current;
    if (!room) return;
    room.editing = { target: { id, key }, text: message.text ?? "" };
    this.#write();
  }

  /**
   * @param {string} id
   * @param {string} emoji
   * @param {boolean} on
   */
  react(id, emoji, on) {
    this.#client?.deeds.react(this.#client.chat.current, id, emoji, on);
  }

  /**
   * Shows a message; it may have to be fetched.
   *
   * @param {string} id
   */
  seek(id) {
    return this.#show(({ pages }, room) => pages.find(room, id).then(() => id));
  }

  /**
   * Shows the first message since a moment, or the first of all if none is given.
   *
   * @param {number} [time] in milliseconds since 1970
   */
  seekTime(time) {
    return this.#show(({ pages }, room) =>
      time === undefined ? pages.open(room, 1) : pages.openTime(room, time)
    );
  }

  get #client() {
    return this.#options.client();
  }

  /** @param {(client: Client, room: Room) => Promise<string | undefined>} find */
  async #show(find) {
    const client = this.#client;
    const room = client?.chat.current;
    if (!client || !room) return;
    try {
      const id = await find(client, room);
      if (client !== this.#client || client.chat.current !== room) return;
      this.#options.onShow(id);
      this.#options.onChange();
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      const gone = error.code === "not_found";
      this.#options.onTell(gone ? t.log.gone : error.message);
    }
  }

  /** @param {string} id */
  #copyLink(id) {
    const room = this.#client?.chat.current;
    if (room) this.#copy(messageAddress(room.name, id), t.common.linkCopied);
  }

  /**
   * @param {string} text
   * @param {string} said what the person is told when it is done
   */
  async #copy(text, said) {
    try {
      await navigator.clipboard.writeText(text);
      this.#options.onTell(said);
    } catch {
      // The page may copy over HTTPS only: the person can copy what they see.
      this.#options.onTell(text);
    }
  }

  /** @param {string} id */
  #reply(id) {
    const room = this.#client?.chat.current;
    if (!room) return;
    room.editing = undefined;
    room.replyTo = id;
    this.#write();
  }

  #write() {
    this.#options.onChange();
    this.#options.onWrite();
  }
}
