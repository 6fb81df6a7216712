// @ts-check
/// <reference lib="dom" />

/**
 * What the keys do that work everywhere.
 *
 * @typedef {object} ShortcutActions
 * @property {(step: -1 | 1) => void} onNeighbour goes to the room above or below
 * @property {() => void} onGoTo
 * @property {() => void} onSearch
 * @property {() => void} onHelp
 */

/** Fields in which a letter is a letter. */
const FIELDS = "input, textarea, select, [contenteditable]";

/**
 * Listens to the keys that work everywhere.
 *
 * @param {ShortcutActions} actions
 * @param {() => boolean} isOpen whether the page is one to go around in
 */
export function listenToShortcuts(actions, isOpen) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || !isOpen()) return;
    const act = find(event, actions);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/**
 * @param {KeyboardEvent} event
 * @param {ShortcutActions} actions
 */
function find({ altKey, ctrlKey, key, metaKey, shiftKey, target }, actions) {
  const { onGoTo, onHelp, onNeighbour, onSearch } = actions;
  const command = (ctrlKey || metaKey) && !altKey;
  const letter = key.toLowerCase();
  if (command && !shiftKey && letter === "k") return onGoTo;
  // What stands in front must be closed first.
  if (document.querySelector("dialog[open]")) return undefined;
  if (command) return shiftKey && letter === "f" ? onSearch : undefined;
  if (altKey) {
    if (shiftKey || (key !== "ArrowUp" && key !== "ArrowDown")) return undefined;
    return () => onNeighbour(key === "ArrowUp" ? -1 : 1);
  }
  if (target instanceof Element && target.closest(FIELDS)) return undefined;
  if (key === "?") return onHelp;
  return key === "/" ? onSearch : undefined;
}
