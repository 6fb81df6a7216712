// @ts-check
/// <reference lib="dom" />
/** @import { Outgoings } from "../state/outgoing.js" */

const DATABASE = "parley";
const VERSION = 1;
const OUTBOX = "outbox";
/** How long the browser may take to open its database, in milliseconds: some never answer in a private window. */
const OPEN_MS = 3_000;

/**
 * Keeps what a person did until the server has it. `shared` says whether it outlives the page, and all tabs of the
 * person see the same.
 *
 * @typedef {object} OutboxStore
 * @property {boolean} shared
 * @property {(change: (list: Outgoings) => Outgoings) => Promise<Outgoings>} change replaces the list by what `change`
 *   makes of it, in one step that no other tab comes between, and answers with it
 * @property {() => void} close
 */

/**
 * Opens the store of a person: in the browser's database, or in memory where there is none.
 *
 * @param {string} userId
 * @returns {Promise<OutboxStore>}
 */
export async function openOutboxStore(userId) {
  try {
    return indexedStore(await openDatabase(), userId);
  } catch {
    return memoryStore();
  }
}

/**
 * A store that lasts as long as the page.
 *
 * @param {Outgoings} [list]
 * @returns {OutboxStore}
 */
export function memoryStore(list = []) {
  return {
    shared: false,
    change: (change) => Promise.resolve(list = change(list)),
    close: () => {},
  };
}

/**
 * @param {IDBDatabase} database
 * @param {string} userId
 * @returns {OutboxStore}
 */
function indexedStore(database, userId) {
  return {
    shared: true,
    close: () => database.close(),
    change: (change) => {
      /** @type {PromiseWithResolvers<Outgoings>} */
      const { promise, resolve, reject } = Promise.withResolvers();
      const transaction = database.transaction(OUTBOX, "readwrite", { durability: "strict" });
      const store = transaction.objectStore(OUTBOX);
      const reading = store.get(userId);
      /** @type {Outgoings} */
      let list = [];
      reading.onsuccess = () => {
        const before = reading.result ?? [];
        list = change(before);
        if (list === before) return;
        if (list.length === 0) store.delete(userId);
        else store.put(list, userId);
      };
      transaction.oncomplete = () => resolve(list);
      transaction.onabort = () => reject(transaction.error);
      return promise;
    },
  };
}

/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  const { promise, resolve, reject } = Promise.withResolvers();
  const late = setTimeout(() => reject(new Error("The browser's database does not open")), OPEN_MS);
  const opening = indexedDB.open(DATABASE, VERSION);
  opening.onupgradeneeded = () => opening.result.createObjectStore(OUTBOX);
  opening.onerror = () => reject(opening.error);
  opening.onblocked = () => reject(new Error("Another tab holds an older database"));
  opening.onsuccess = () => {
    const database = opening.result;
    // A newer page in another tab must not have to wait for this one.
    database.onversionchange = () => database.close();
    resolve(database);
  };
  return promise.finally(() => clearTimeout(late));
}
