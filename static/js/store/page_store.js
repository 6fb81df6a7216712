// @ts-check
/// <reference lib="dom" />
/** @import { Page } from "../state/page.js" */
import { BY_TIME, openDatabase, PAGES } from "./database.js";

/** How many pages a browser keeps, of all people together. */
const MAX_PAGES = 100;

/**
 * Keeps the last page of each of a person's rooms in the browser's database. Where there is none, or it fails, nothing is kept: pages
 * are a convenience.
 */
export class PageStore {
  /** @type {Promise<IDBDatabase | undefined>} */
  #database = openDatabase().catch(() => undefined);
  #userId;

  /** @param {string} userId */
  constructor(userId) {
    this.#userId = userId;
  }

  /**
   * The page of a room.
   *
   * @param {string} room
   * @returns {Promise<Page | undefined>}
   */
  async read(room) {
    return await this.#use("readonly", (pages) => pages.get([this.#userId, room]));
  }

  /**
   * The pages of all rooms.
   *
   * @returns {Promise<readonly Page[]>}
   */
  async readAll() {
    return await this.#use("readonly", (pages) => pages.getAll(this.#mine)) ?? [];
  }

  /**
   * Keeps a page in place of the room's last one, and lets go of the oldest where there are too many.
   *
   * @param {Page} page
   */
  async write(page) {
    await this.#use("readwrite", (pages) => {
      pages.put({ ...page, userId: this.#userId, time: Date.now() });
      const counting = pages.count();
      counting.onsuccess = () => removeOldest(pages, counting.result - MAX_PAGES);
      return counting;
    });
  }

  /**
   * Lets go of the page of a room.
   *
   * @param {string} room
   */
  async remove(room) {
    await this.#use("readwrite", (pages) => pages.delete([this.#userId, room]));
  }

  /** Lets go of all pages of the person: they sign out. */
  async clear() {
    await this.#use("readwrite", (pages) => pages.delete(this.#mine));
  }

  /** Ends the work; what was begun is finished. */
  async close() {
    (await this.#database)?.close();
  }

  get #mine() {
    // An array sorts after all strings.
    return IDBKeyRange.bound([this.#userId, ""], [this.#userId, []]);
  }

  /**
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {(pages: IDBObjectStore) => IDBRequest<T>} work
   * @returns {Promise<T | undefined>}
   */
  async #use(mode, work) {
    const database = await this.#database;
    if (!database) return undefined;
    try {
      const transaction = database.transaction(PAGES, mode);
      const request = work(transaction.objectStore(PAGES));
      return await new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } catch {
      // It was closed for a newer page, or the disk is full.
      return undefined;
    }
  }
}

/**
 * @param {IDBObjectStore} pages
 * @param {number} count
 */
function removeOldest(pages, count) {
  if (count <= 0) return;
  const walking = pages.index(BY_TIME).openCursor();
  let left = count;
  walking.onsuccess = () => {
    const cursor = walking.result;
    if (!cursor || left-- === 0) return;
    cursor.delete();
    cursor.continue();
  };
}
