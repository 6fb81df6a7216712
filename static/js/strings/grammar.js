// @ts-check
import { lazy } from "../lazy.js";

/**
 * A piece of a sentence: a person's name, to be isolated from the words around it (it may be written from right to
 * left), or the words.
 *
 * @typedef {{ readonly name: boolean, readonly text: string }} Part
 *
 * @typedef {Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }} Forms a text for each plural
 *   category of its language
 */

/**
 * The person's own variety of a language, such as "es-MX", if their browser names one: it decides how numbers and times
 * are written.
 *
 * @param {string} language
 * @param {readonly string[]} [wanted] the languages of the browser, the dearest first
 */
export function localeOf(language, wanted = navigator.languages) {
  return wanted.find((tag) => tag.split("-", 1)[0] === language) ?? language;
}

/**
 * What builds the texts of a language that hold a number, a name or a list of them. All of it is data: a test can see
 * whether a form is missing.
 *
 * @param {string} language
 */
export function createGrammar(language) {
  const lists = lazy(() => new Intl.ListFormat(language, { type: "conjunction" }));
  const plurals = lazy(() => new Intl.PluralRules(language));
  const numbers = lazy(() => new Intl.NumberFormat(localeOf(language)));

  /**
   * @param {Forms} forms
   * @param {number} count
   */
  const choose = (forms, count) => forms[plurals().select(count)] ?? forms.other;

  return {
    /** A number as it is written. @param {number} value */
    number: (value) => numbers().format(value),

    /**
     * A text with a number in it, written `#`: "# messages".
     *
     * @param {Forms} forms
     */
    counted: (forms) =>
      Object.assign(
        (/** @type {number} */ count) =>
          choose(forms, count).replace("#", () => numbers().format(count)),
        { forms },
      ),

    /**
     * A sentence about people, `{people}`, in the form that so many of them want: "{people} are here."
     *
     * @param {Forms} forms
     */
    about: (forms) =>
      Object.assign(
        /**
         * @param {readonly Part[]} people
         * @param {number} count
         */
        (people, count) => fill(choose(forms, count), { people }),
        { forms },
      ),

    /**
     * A sentence in which other pieces have their places: "Come in to {room}."
     *
     * @param {string} template
     */
    phrase: (template) =>
      Object.assign(
        (/** @type {Readonly<Record<string, readonly Part[]>>} */ values) => fill(template, values),
        { template },
      ),

    /**
     * Some names, and if there are more people than those how many others there are: "Alice, Bob and 3 others".
     *
     * @param {readonly string[]} names
     * @param {string} [others]
     * @returns {Part[]}
     */
    list: (names, others) => {
      const elements = others === undefined ? names : [...names, others];
      const parts = lists().formatToParts(elements)
        .map(({ type, value }) => ({ name: type === "element", text: value }));
      const last = others === undefined ? -1 : parts.findLastIndex((part) => part.name);
      return parts.map((part, index) => index === last ? words(part.text) : part);
    },
  };
}

/**
 * A name, as a piece of a sentence.
 *
 * @param {string} text
 * @returns {Part[]}
 */
export function named(text) {
  return [{ name: true, text }];
}

/**
 * A text that keeps its own direction among words of the other one, where no element can isolate it: in a label.
 *
 * @param {string} text
 */
export function isolate(text) {
  return `\u2068${text}\u2069`;
}

/**
 * @param {string} template
 * @param {Readonly<Record<string, readonly Part[]>>} values
 * @returns {Part[]}
 */
function fill(template, values) {
  // The odd ones are the names of the places.
  return template.split(/\{(\w+)\}/).flatMap((piece, index) => {
    if (index % 2 === 1) return values[piece] ?? [];
    return piece === "" ? [] : [words(piece)];
  });
}

/**
 * @param {string} text
 * @returns {Part}
 */
function words(text) {
  return { name: false, text };
}
