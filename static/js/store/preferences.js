// @ts-check
/// <reference lib="dom" />
import { LANGUAGES } from "../strings/languages.js";

/** Where the browser keeps them; `early.js` reads them too. */
const KEY = "parley.preferences";

/** What can be chosen, the first one being what is so without a choice. */
export const CHOICES = Object.freeze({
  theme: Object.freeze(["system", "light", "dark"]),
  density: Object.freeze(["comfortable", "compact"]),
  language: Object.freeze(["automatic", ...Object.keys(LANGUAGES)]),
});

/**
 * What is chosen. It holds for all people of the browser, on the card on which they sign in too.
 *
 * @typedef {keyof typeof CHOICES} Preference
 * @typedef {Readonly<Record<Preference, string>>} Chosen
 */

/** How the person wants the page to be. Where the browser keeps nothing it lasts as long as the page. */
export class Preferences {
  #chosen;
  #onChange;

  /** @param {(chosen: Chosen) => void} onChange is told of each change, of those in another tab too */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#chosen = readChosen(read());
    addEventListener("storage", ({ key, newValue }) => {
      if (key === KEY || key === null) this.#take(readChosen(newValue));
    });
  }

  get chosen() {
    return this.#chosen;
  }

  /**
   * @param {Preference} preference
   * @param {string} choice
   * @throws {RangeError} if it cannot be chosen
   */
  choose(preference, choice) {
    if (!isChoice(preference, choice)) {
      const expected = CHOICES[preference].join(", ");
      throw new RangeError(
        `Cannot set '${preference}' as it must be one of ${expected}: current value is ${choice}`,
      );
    }
    const chosen = { ...this.#chosen, [preference]: choice };
    try {
      localStorage.setItem(KEY, JSON.stringify(chosen));
    } catch {
      // The storage is forbidden or full: it holds for this page.
    }
    this.#take(chosen);
  }

  /** @param {Chosen} chosen */
  #take(chosen) {
    this.#chosen = chosen;
    this.#onChange(chosen);
  }
}

/**
 * What is chosen by what was kept: whatever is none of the choices is as if nothing was chosen.
 *
 * @param {string | null} kept
 * @returns {Chosen}
 */
export function readChosen(kept) {
  /** @type {Readonly<Record<string, unknown>>} */
  let found = {};
  try {
    found = JSON.parse(kept ?? "null") ?? {};
  } catch {
    // Somebody else wrote there.
  }
  /** @param {Preference} preference */
  const choiceOf = (preference) => {
    const choice = found[preference];
    return isChoice(preference, choice) ? choice : CHOICES[preference][0] ?? "";
  };
  return {
    theme: choiceOf("theme"),
    density: choiceOf("density"),
    language: choiceOf("language"),
  };
}

/**
 * @param {Preference} preference
 * @param {unknown} choice
 * @returns {choice is string}
 */
function isChoice(preference, choice) {
  return typeof choice === "string" && CHOICES[preference].includes(choice);
}

function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
