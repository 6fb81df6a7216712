// @ts-check
/// <reference lib="dom" />
/**
 * Loads the page again when a part of it is missing.
 *
 * While a release takes the place of another on several machines, the page may come from one of the new ones and its parts be asked
 * of an old one, which does not have them. This script belongs to no release, and stands before all others.
 */
{
  const COUNT = "parley.reloads";
  /** How often it is tried, each time a second later than the last. */
  const MOST = 5;
  let due = false;

  addEventListener("error", ({ target }) => {
    const address = target instanceof HTMLScriptElement
      ? target.src
      : target instanceof HTMLLinkElement
      ? target.href
      : "";
    const { pathname } = new URL(address, location.href);
    const count = Number(sessionStorage.getItem(COUNT)) + 1;
    if (due || !pathname.startsWith("/@") || count > MOST) return;
    due = true;
    sessionStorage.setItem(COUNT, String(count));
    setTimeout(() => location.reload(), count * 1_000);
  }, true);

  // The page is there.
  addEventListener("load", () => {
    if (!due) sessionStorage.removeItem(COUNT);
  });
}
