// @ts-check

/** What the languages of the page call themselves: whoever cannot read the page finds theirs. */
export const LANGUAGES = Object.freeze({
  en: "English",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
  ja: "日本語",
  ar: "العربية",
});
