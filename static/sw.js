// @ts-check
/// <reference lib="webworker" />
/**
 * Opens the page without a network.
 *
 * The page comes from the server if that answers in time, since it alone tells which release is to be run; otherwise
 * the newest release that is kept in full opens. Scripts and style sheets have their release in their path (`/@NAME/js/…`), so
 * they are taken from the cache of that release and never from another one. What talks to the server (`/api`, `/ws`) is left
 * alone. A server in development names no release: nothing is kept of it, and what was kept before is forgotten.
 */

const CACHE = "parley.";
/** How long the server may take to answer with the page, in milliseconds. */
const PATIENCE_MS = 3_000;
/** How many releases are kept: pages of the last one may still be open, and load more of it. */
const KEPT = 2;
const PAGE = "/";
/** Where the page names its release. */
const RELEASE = /"\/@([0-9a-f]+)\//;
/** What else the page takes; it has no release in its path. */
const OTHERS =
  /^\/(?:recover\.js|favicon(?:-unread)?\.svg|manifest\.webmanifest|icons\/[\w-]+\.png)$/;

/** One release is kept at a time. */
let keeping = Promise.resolve();

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

worker.addEventListener("install", (event) => {
  worker.skipWaiting();
  event.waitUntil(fetch(PAGE).then(note));
});

worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  const isPage = pathname === PAGE || pathname.startsWith("/r/");
  if (mode === "navigate" && isPage) event.respondWith(openPage(event));
  else if (pathname.startsWith("/@")) event.respondWith(findPart(event.request));
  else if (OTHERS.test(pathname)) event.respondWith(findOther(event.request));
});

// A call from the desktop was followed.
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.room));
});

/** @param {string} room */
async function open(room) {
  const [page] = await worker.clients.matchAll({ type: "window" });
  if (!page) return await worker.clients.openWindow(`/?room=${encodeURIComponent(room)}`);
  await page.focus();
  page.postMessage({ room });
}

/** @param {FetchEvent} event */
async function openPage(event) {
  const asking = fetch(event.request);
  event.waitUntil(asking.then((response) => note(response.clone())).catch(() => {}));
  // A proxy whose server is away answers for it, with an error.
  const answer = await Promise.race([asking.catch(() => undefined), delay(PATIENCE_MS)]);
  if (answer && answer.status < 500) return answer;
  return await findPage() ?? answer ?? asking;
}

/** @param {Request} request */
async function findPart(request) {
  return await caches.match(request) ?? fetch(request);
}

/** @param {Request} request */
async function findOther(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request);
    if (kept) return kept;
    throw error;
  }
}

/** The page of the newest release that is kept in full. */
async function findPage() {
  for (const name of (await listCaches()).reverse()) {
    const page = await (await caches.open(name)).match(PAGE);
    if (page) return page;
  }
  return undefined;
}

/** @param {Response} page */
function note(page) {
  return keeping = keeping.catch(() => {}).then(() => keep(page));
}

/**
 * Keeps the release that the server's page names, in full or not at all, and lets go of those before the last.
 *
 * @param {Response} page
 */
async function keep(page) {
  if (!page.ok) return;
  const release = RELEASE.exec(await page.text())?.[1];
  if (release === undefined) return await forget();
  const name = CACHE + release;
  const isNewest = (await listCaches()).at(-1) === name;
  if (isNewest && await (await caches.open(name)).match(PAGE)) return;
  const shell = await (await fetch("/shell.json")).json();
  // Another release has taken the place of this one meanwhile: the next page will tell of it.
  if (shell.release !== release) return;
  // A release that has come back is the newest one again.
  await caches.delete(name);
  const cache = await caches.open(name);
  // The page, which comes last, is there only if all that it needs is.
  await cache.addAll(shell.files.filter((/** @type {string} */ file) => file !== PAGE));
  const last = await fetch(PAGE);
  if (RELEASE.exec(await last.clone().text())?.[1] !== release) return;
  await cache.put(PAGE, last);
  for (const old of (await listCaches()).slice(0, -KEPT)) await caches.delete(old);
}

async function forget() {
  for (const name of await listCaches()) await caches.delete(name);
  await worker.registration.unregister();
}

/** The caches of the releases, in the order in which they were made. */
async function listCaches() {
  return (await caches.keys()).filter((name) => name.startsWith(CACHE));
}

/**
 * @param {number} ms
 * @returns {Promise<undefined>}
 */
function delay(ms) {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}
