/** A script or a style sheet of the page. */
const ASSET = /\b(href|src)="(\/(?:css|js)\/[^"]+)"/g;
/** The module that a page begins with. */
const ENTRY = /<script type="module" src="([^"]+)"/;
/** The style sheets of a page, one below the other. */
const STYLES = /(?:^ *<link rel="stylesheet" href="\/css\/[^"]+">\n)+/m;
const STYLE = /href="([^"]+)"/g;

/** What a page takes as one file that are many in its folder, by their paths, in their order. */
export interface Parts {
  /** The module that imports all others, if there is one. */
  readonly entry: string | undefined;
  /** The style sheets. */
  readonly styles: readonly string[];
}

/** The paths of the scripts and of the style sheets that a page names. */
export function findParts(html: string): Parts {
  const styles = STYLES.exec(html)?.[0] ?? "";
  return {
    entry: ENTRY.exec(html)?.[1],
    styles: [...styles.matchAll(STYLE)].map(([, path]) => path!),
  };
}

/** Writes a page so that it takes its scripts from below `prefix`, and one style sheet in place of all: `style`. */
export function writePage(html: string, prefix: string, style: string): string {
  return html
    .replace(STYLES, `    <link rel="stylesheet" href="${style}">\n`)
    .replace(ASSET, (_, attribute, path) => `${attribute}="${prefix}${path}"`);
}
