// @ts-check
/** @import { MessageView } from "../../../lib/wire/protocol.ts" */
/** @import { SearchQuery } from "./query.js" */
import { parseSearch } from "./query.js";

/** How long somebody who types must pause for what they typed to be looked for, in milliseconds. */
const PAUSE_MS = 250;
/** How many messages are asked for at once. */
const PAGE = 20;

/**
 * @typedef {object} SearchOptions
 * @property {(query: URLSearchParams) => Promise<{ messages: readonly MessageView[], more: boolean }>} ask
 * @property {() => void} onChange is told that the state is another one now
 */

/** What the person looks for, and what was found. */
export class Search {
  /** @type {SearchQuery} what the messages were found by */
  query = { q: "" };
  /** @type {readonly MessageView[]} */
  messages = [];
  /** Whether there are more of them. */
  more = false;
  /** @type {"idle" | "searching" | "done" | "failed"} */
  state = "idle";
  /** Why nothing could be looked for, for a person. */
  problem = "";
  #options;
  #asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;

  /** @param {SearchOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * Looks for what somebody is typing, when they pause.
   *
   * @param {string} text
   */
  type(text) {
    clearTimeout(this.#pause);
    if (parseSearch(text).q.trim() === "") return this.clear();
    this.#pause = setTimeout(() => this.look(text), PAUSE_MS);
  }

  /**
   * Looks for something now.
   *
   * @param {string} text
   */
  async look(text) {
    clearTimeout(this.#pause);
    const query = parseSearch(text);
    if (query.q.trim() === "") return this.clear();
    await this.#ask(query, 0);
  }

  /** Fetches more of what was found. */
  async loadMore() {
    if (this.more && this.state === "done") await this.#ask(this.query, this.messages.length);
  }

  /** Looks for nothing any more. */
  clear() {
    clearTimeout(this.#pause);
    this.#asked++;
    this.query = { q: "" };
    this.messages = [];
    this.more = false;
    this.state = "idle";
    this.#options.onChange();
  }

  /**
   * @param {SearchQuery} query
   * @param {number} offset
   */
  async #ask(query, offset) {
    const asked = ++this.#asked;
    this.state = "searching";
    this.#options.onChange();
    try {
      const { messages, more } = await this.#options.ask(toParams(query, offset));
      // Somebody who types on wants to know nothing of what they looked for before.
      if (asked !== this.#asked) return;
      this.messages = offset === 0 ? messages : [...this.messages, ...messages];
      this.query = query;
      this.more = more;
      this.state = "done";
    } catch (error) {
      if (asked !== this.#asked) return;
      this.state = "failed";
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.#options.onChange();
  }
}

/**
 * @param {SearchQuery} query
 * @param {number} offset
 */
function toParams(query, offset) {
  const params = new URLSearchParams({ limit: String(PAGE), offset: String(offset) });
  for (const [name, value] of Object.entries(query)) params.set(name, String(value));
  return params;
}
