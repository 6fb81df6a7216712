// @ts-check
import en from "./strings/en.js";
import { localeOf } from "./strings/grammar.js";

/**
 * The texts of a language, in groups.
 *
 * @typedef {typeof en} Strings
 */

/**
 * The root of the page: tests of what needs no page have none.
 *
 * @type {{ lang: string, dir: string } | undefined}
 */
const root = /** @type {any} */ (globalThis).document?.documentElement;

const chosen = await load(root?.lang || "en");

/** The language of the page: the one that `early.js` has chosen, or English if its texts cannot be had. */
export const { language } = chosen;

/** Its variety, for the words of dates: English is that of Britain for those who do not name another one. */
export const locale = language === "en" ? "en-GB" : localeOf(language);

/** What the page says, in the language of the person: `t.rooms.message("Bob")`. */
export const { t } = chosen;

/**
 * What a person reads who was refused something: what the server says itself, in English; in another language what its
 * code stands for.
 *
 * @param {string | undefined} code
 * @param {string} message
 */
export function explain(code, message) {
  /** @type {Readonly<Record<string, string>>} */
  const refused = t.refused;
  return language === "en" ? message : refused[code ?? ""] ?? message;
}

/**
 * Fetches the texts of a language. Where they cannot be had the page is in English.
 *
 * @param {string} language
 * @returns {Promise<{ language: string, t: Strings }>}
 */
async function load(language) {
  if (language !== "en") {
    try {
      return { language, t: complete((await import(`./strings/${language}.js`)).default) };
    } catch {
      if (root) Object.assign(root, { lang: "en", dir: "ltr" });
    }
  }
  return { language: "en", t: en };
}

/**
 * The texts of a language with the English ones in place of those that it does not have.
 *
 * @param {Partial<Record<keyof Strings, object>>} strings
 * @returns {Strings}
 */
export function complete(strings) {
  const groups = Object.entries(en).map(([name, texts]) => [
    name,
    { ...texts, ...strings[/** @type {keyof Strings} */ (name)] },
  ]);
  return Object.fromEntries(groups);
}
