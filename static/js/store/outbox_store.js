// @ts-check
/// <reference lib="dom" />
/** @import { Outgoings } from "../state/outgoing.js" */

import { openDatabase, OUTBOX } from "./database.js";

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
