// @ts-check
/// <reference lib="dom" />
import { t } from "../strings.js";
import { setText } from "./dom.js";

/** How long a button says that it has copied, in milliseconds. */
const SAID_MS = 2_000;

/**
 * Copies a text, and says so on the button that was pressed. Where the page may not copy (it may only over HTTPS), the
 * button shows the text itself.
 *
 * @param {string} text
 * @param {HTMLButtonElement} button
 */
export async function copyText(text, button) {
  const label = button.textContent;
  button.setAttribute("aria-live", "polite");
  try {
    await navigator.clipboard.writeText(text);
    setText(button, t.common.linkCopied);
    setTimeout(() => setText(button, label), SAID_MS);
  } catch {
    setText(button, text);
  }
}
