// @ts-check
/// <reference lib="dom" />

/** How far what floats stays from what it belongs to and from the edge of the window, in pixels. */
const DISTANCE = 8;

/**
 * Shows a popover beside an element: below it, or above where there is no room below.
 *
 * @param {HTMLElement} popover
 * @param {Element} anchor
 */
export function showBeside(popover, anchor) {
  const beside = anchor.getBoundingClientRect();
  popover.showPopover();
  const { height, width } = popover.getBoundingClientRect();
  const below = beside.bottom + DISTANCE;
  const fits = below + height + DISTANCE <= innerHeight;
  const top = fits ? below : Math.max(DISTANCE, beside.top - DISTANCE - height);
  popover.style.setProperty("inset-block-start", `${top}px`);
  popover.style.setProperty("inset-inline-start", `${startBeside(beside, width)}px`);
}

/**
 * Where what floats beside something begins, in pixels from where the line of the page begins: with its owner, as far as
 * it fits the window.
 *
 * @param {DOMRect} beside
 * @param {number} width
 */
export function startBeside(beside, width) {
  const fromRight = getComputedStyle(document.documentElement).direction === "rtl";
  const start = fromRight ? innerWidth - beside.right : beside.left;
  return Math.max(DISTANCE, Math.min(start, innerWidth - width - DISTANCE));
}
