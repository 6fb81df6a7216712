// @ts-check
/// <reference lib="dom" />
/**
 * Gives the page its language, its direction and its look before anything of it shows. It is no module: those run
 * later.
 */
{
  const LANGUAGES = ["en", "de", "es", "fr", "ja", "ar"];

  /** @returns {Readonly<Record<string, unknown>>} what the person has chosen, as far as it was kept */
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem("parley.preferences") ?? "null") ?? {};
    } catch {
      return {};
    }
  };

  const { density, language, theme } = read();
  const tags = [String(language), ...navigator.languages].map((tag) => tag.split("-", 1)[0] ?? "");
  const root = document.documentElement;
  root.lang = tags.find((tag) => LANGUAGES.includes(tag)) ?? "en";
  root.dir = root.lang === "ar" ? "rtl" : "ltr";
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (density === "compact") root.dataset.density = density;
}
