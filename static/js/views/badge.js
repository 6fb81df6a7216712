// @ts-check
/// <reference lib="dom" />

const ICON = "/favicon.svg";
const UNREAD_ICON = "/favicon-unread.svg";
/** Messages beyond this number are not counted out. */
const MAX_SHOWN = 99;

/** What tells of unread messages while the person is elsewhere: the title of the window, its icon, and that of the app. */
export class BadgeView {
  #icon = /** @type {HTMLLinkElement} */ (document.querySelector("link[rel=icon]"));
  /** Undefined at first: the app may still show what was unread when it was closed. @type {number | undefined} */
  #shown;

  /**
   * @param {string} place what is open
   * @param {{ unread: number, personal: number }} count
   */
  render(place, { unread, personal }) {
    const shown = unread > MAX_SHOWN ? `${MAX_SHOWN}+` : String(unread);
    const news = unread > 0 ? `(${personal > 0 ? "@" : ""}${shown}) ` : "";
    const title = `${news}${place} · Parley`;
    if (document.title !== title) document.title = title;
    if (unread === this.#shown) return;
    this.#shown = unread;
    const icon = unread > 0 ? UNREAD_ICON : ICON;
    // The browser fetches it again even if it is the same one.
    if (this.#icon.getAttribute("href") !== icon) this.#icon.href = icon;
    // Only an installed page has such a badge; elsewhere nothing comes of it.
    navigator.setAppBadge?.(unread).catch(() => {});
  }

  /** Nobody is signed in. */
  clear() {
    this.render("", { unread: 0, personal: 0 });
    document.title = "Parley";
  }
}
