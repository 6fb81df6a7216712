// @ts-check
/// <reference lib="dom" />

/**
 * Puts a text in place of a part of a field, as if it was typed: the person can undo it, and the field tells of it.
 *
 * @param {HTMLTextAreaElement} field
 * @param {number} start
 * @param {number} end
 * @param {string} text
 */
export function replaceIn(field, start, end, text) {
  field.focus();
  field.setSelectionRange(start, end);
  // The one way that leaves the browser's own undo whole; it is kept for that, though it is called obsolete.
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
