// @ts-check
/// <reference lib="dom" />
/** @import { News } from "../attention.js" */

const ICON = "/icons/icon-192.png";
/** How long an answer of the browser's holds, in milliseconds: the page stands still until another process gives it. */
const HOLDS_MS = 1_000;

/** @type {NotificationPermission | undefined} */
let answer;
let answeredAt = -Infinity;

/**
 * Whether the person lets the page call them from the desktop; "missing" where a browser has no such thing, or not for
 * this page.
 *
 * @returns {NotificationPermission | "missing"}
 */
export function permission() {
  if (!("Notification" in globalThis) || !isSecureContext) return "missing";
  if (answer === undefined || performance.now() - answeredAt > HOLDS_MS) {
    answer = Notification.permission;
    answeredAt = performance.now();
  }
  return answer;
}

/**
 * Asks the person whether the page may call them: only from a click of theirs.
 *
 * @returns {Promise<NotificationPermission>}
 */
export async function askPermission() {
  answer = await Notification.requestPermission();
  answeredAt = performance.now();
  return answer;
}

/**
 * Calls the person from the desktop; `onOpen` is told if they follow.
 *
 * @param {News} news
 * @param {string} title
 * @param {(room: string) => void} onOpen
 */
export async function notify({ room, text }, title, onOpen) {
  // One for each room: the newest takes the place of the one before, from whichever tab.
  const options = { body: text, tag: `parley.${room}`, icon: ICON, silent: true, data: { room } };
  try {
    const notice = new Notification(title, options);
    notice.addEventListener("click", () => {
      globalThis.focus();
      notice.close();
      onOpen(room);
    });
  } catch {
    // On phones only the worker may; it tells of the click by a message.
    const registration = await navigator.serviceWorker?.getRegistration();
    await registration?.showNotification(title, options);
  }
}
