// @ts-check

/** What a link may lead to; no other scheme may become one. */
const SCHEME = /^(?:https?:\/\/|mailto:)/iu;
/** The longest address that becomes a link, in UTF-16 units: browsers and servers give up not far beyond. */
const MAX_LENGTH = 2_048;
/** An address that begins here, up to what no address holds. */
const EXTENT = /[^\s<>"“”«»`]+/uy;
/** What ends a sentence or a formatted word rather than an address. */
const TRAILING = new Set(".,:;!?'’…)]}*_~");

/**
 * Where a link to an address leads, in the one form that browsers understand alike; `undefined` if it may be no link.
 *
 * @param {string} address
 */
export function toHref(address) {
  if (address.length > MAX_LENGTH || !SCHEME.test(address)) return undefined;
  const url = URL.parse(address);
  if (!url || (url.protocol === "mailto:" ? !url.pathname.includes("@") : url.host === "")) {
    return undefined;
  }
  return url.href;
}

/**
 * The address that begins at a place of a text: where it ends, and where it leads if it may become a link.
 *
 * @param {string} text
 * @param {number} start
 * @returns {{ end: number, href: string | undefined }}
 */
export function addressAt(text, start) {
  EXTENT.lastIndex = start;
  const extent = EXTENT.exec(text)?.[0] ?? "";
  const address = trimmed(extent);
  const href = toHref(address);
  // One that is none is skipped as a whole: to look for another within it would take the square of the time.
  return { end: start + (href === undefined ? extent : address).length, href };
}

/**
 * Whether a link is called by an address that is not its own.
 *
 * @param {string} label
 * @param {string} href
 */
export function isDeceptive(label, href) {
  if (label.length > MAX_LENGTH) return false;
  const name = label.trim();
  if (!name.includes(".") || /\s/u.test(name)) return false;
  const called = URL.parse(SCHEME.test(name) ? name : `https://${name}`);
  const { host, pathname } = new URL(href);
  // "me@example.org" is a person there and a login here.
  return called !== null && called.host !== host && pathname !== name;
}

/** @param {string} address */
function trimmed(address) {
  let end = address.length;
  while (end > 0 && TRAILING.has(address.charAt(end - 1))) end--;
  // A bracket that was opened within the address belongs to it, as in Wikipedia's.
  let open = 0;
  for (const letter of address.slice(0, end)) {
    if (letter === "(") open++;
    else if (letter === ")") open--;
  }
  for (; open > 0 && address.charAt(end) === ")"; open--) end++;
  return address.slice(0, end);
}
