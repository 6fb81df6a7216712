// @ts-check
/// <reference lib="dom" />
/** @import { Chosen } from "../store/preferences.js" */

/**
 * Gives the page the look that is chosen, as `early.js` does before it shows; the bar of a phone's browser takes the
 * colour of the theme too.
 *
 * @param {Pick<Chosen, "theme" | "density">} chosen
 */
export function applyLook({ density, theme }) {
  const { dataset } = document.documentElement;
  dataset.density = density;
  dataset.theme = theme;
  for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
    const scheme = meta.getAttribute("data-scheme");
    meta.setAttribute(
      "media",
      theme === "system"
        ? `(prefers-color-scheme: ${scheme})`
        : theme === scheme
        ? "all"
        : "not all",
    );
  }
}
