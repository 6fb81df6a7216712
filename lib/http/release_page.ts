import { posix } from "node:path";

/** What the import of a module looks like in a formatted file: at the beginning of a line, by a relative path. */
const IMPORT = /^(?:import|export|\})[^"\n]*"(\.{1,2}\/[^"\n]+)";$/gm;
/** A script or a style sheet of the page. */
const ASSET = /\b(href|src)="(\/(?:css|js)\/[^"]+)"/g;
/** The module that a page begins with. */
const ENTRY = /<script type="module" src="([^"]+)"/;

/**
 * Writes a page so that it takes all of its scripts and style sheets from below `prefix`, and asks for its modules at
 * once: a browser that finds an import only in the file that has it takes as many rounds as the imports are deep.
 *
 * `read` gives the text of a file by its path.
 */
export function writePage(
  html: string,
  prefix: string,
  read: (path: string) => string | undefined,
): string {
  const entry = ENTRY.exec(html)?.[1];
  const preloads = entry === undefined
    ? []
    : findModules(entry, read).slice(1).map((path) =>
      `    <link rel="modulepreload" href="${path}">\n`
    );
  return html
    .replace("  </head>", (end) => preloads.join("") + end)
    .replace(ASSET, (_, attribute, path) => `${attribute}="${prefix}${path}"`);
}

/** The module at a path and all that it imports, whatever they import too: those that are nearest to it first. */
export function findModules(
  entry: string,
  read: (path: string) => string | undefined,
): readonly string[] {
  const found = new Set([entry]);
  // A set may grow while it is walked through.
  for (const path of found) {
    for (const [, specifier] of read(path)?.matchAll(IMPORT) ?? []) {
      const imported = posix.join(posix.dirname(path), specifier!);
      if (!found.has(imported) && read(imported) !== undefined) found.add(imported);
    }
  }
  return [...found];
}
