// @ts-check
/// <reference lib="dom" />

/**
 * Lets the browser keep the page, to open it without a network.
 *
 * Only a page of a release is kept, which its path tells: one of a server in development is to be fresh with each load.
 */
export async function keepShell() {
  if (!new URL(import.meta.url).pathname.startsWith("/@")) return;
  // Pages that are not on HTTPS or on this machine, and private windows of some browsers, have no service worker.
  await navigator.serviceWorker?.register("/sw.js").catch(() => {});
}
