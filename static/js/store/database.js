// @ts-check
/// <reference lib="dom" />

const DATABASE = "parley";
const VERSION = 2;
/** How long the browser may take to open its database, in milliseconds: some never answer in a private window. */
const OPEN_MS = 3_000;

/** What the person did, by user. */
export const OUTBOX = "outbox";
/** The last page of each room, by user and room. */
export const PAGES = "pages";
/** Those pages in the order in which they were last written. */
export const BY_TIME = "time";

/**
 * Opens the database of this browser.
 *
 * @returns {Promise<IDBDatabase>} rejects where there is none
 */
export async function openDatabase() {
  const { promise, resolve, reject } = Promise.withResolvers();
  const late = setTimeout(() => reject(new Error("The browser's database does not open")), OPEN_MS);
  const opening = indexedDB.open(DATABASE, VERSION);
  opening.onupgradeneeded = ({ oldVersion }) => {
    const database = opening.result;
    if (oldVersion < 1) database.createObjectStore(OUTBOX);
    if (oldVersion < 2) {
      const pages = database.createObjectStore(PAGES, { keyPath: ["userId", "room"] });
      pages.createIndex(BY_TIME, "time");
    }
  };
  opening.onerror = () => reject(opening.error);
  opening.onblocked = () => reject(new Error("Another tab holds an older database"));
  opening.onsuccess = () => {
    const database = opening.result;
    // A newer page in another tab must not have to wait for this one.
    database.onversionchange = () => database.close();
    resolve(database);
  };
  return await promise.finally(() => clearTimeout(late));
}
