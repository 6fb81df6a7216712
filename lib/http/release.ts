import { extname, join } from "node:path";
import { findModules, joinModules } from "./release_modules.ts";
import { findParts, type Parts, writePage } from "./release_page.ts";
import { withoutComments } from "./release_script.ts";

/** How many characters of its digest name a release: 48 bits. */
const NAME_CHARS = 12;
/** What the page is at, and the file that it is made of. */
const PAGE = "/";
const PAGE_FILE = "/index.html";
/** Where all style sheets of the page are one. */
const STYLE = "/css/page.css";
/**
 * Lets a browser that knows it compile all of a script beside its download (V8's explicit compile hints), not each function
 * when it is first called: the page calls most of them as it opens.
 */
const HINT = "//# allFunctionsCalledOnLoad";
/** The path at which a page finds what it needs to open without a network. */
const SHELL = "/shell.json";

/** A file of a release. */
export interface ReleaseFile {
  /** What a file name says of the type, with its dot. */
  readonly extension: string;
  /** The contents. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The files of the page as they were when they were read, under a name that their contents give them.
 *
 * The page takes scripts and style sheets from paths that begin with that name, so that those of two releases never meet
 * in it, whichever server or cache they come from. Of scripts these have the code alone; modules are joined to one, and style
 * sheets too.
 */
export class Release {
  /** The beginning of the paths of its scripts and style sheets: `/@` and the name. */
  readonly prefix: string;
  /** The one that was read last: instances of one process share it, and what was made of it. */
  static #latest: Release | undefined;
  readonly #files = new Map<string, ReleaseFile>();
  /** Scripts and style sheets, by their paths below the prefix: made when they are first asked for. */
  #assets: ReadonlyMap<string, ReleaseFile> | undefined;
  readonly #name: string;
  readonly #parts: Parts;

  private constructor(name: string, files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>) {
    this.prefix = `/@${name}`;
    this.#name = name;
    for (const [path, bytes] of files) this.#files.set(path, fileOf(path, bytes));
    const html = this.#code(PAGE_FILE) ?? "";
    this.#parts = findParts(html);
    const page = fileOf(PAGE_FILE, encode(writePage(html, this.prefix, STYLE)));
    if (files.has(PAGE_FILE)) this.#files.set(PAGE, page).set(PAGE_FILE, page);
  }

  /** Reads the files of a folder, all in one go: to wait for each takes ten times as long. */
  static async read(folder: string): Promise<Release> {
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const path of listFiles(folder, "").sort()) {
      files.set(path, Deno.readFileSync(join(folder, path)));
    }
    const name = await nameOf(files);
    if (Release.#latest?.prefix !== `/@${name}`) Release.#latest = new Release(name, files);
    return Release.#latest;
  }

  /**
   * The file at a path of a URL.
   *
   * `fixed` tells that it never changes, as its path has the release's name.
   */
  find(pathname: string): { readonly file: ReleaseFile; readonly fixed: boolean } | undefined {
    const fixed = pathname.startsWith(`${this.prefix}/`);
    if (fixed || pathname === SHELL) this.#makeAssets();
    const file = fixed
      ? this.#assets?.get(pathname.slice(this.prefix.length))
      : this.#files.get(pathname);
    return file && { file, fixed };
  }

  /** Joins what the page takes at once, and takes what it may ask for later, with whatever that imports, as it is. */
  #makeAssets(): void {
    if (this.#assets) return;
    const { entry, styles } = this.#parts;
    const assets = new Map<string, ReleaseFile>();
    const add = (path: string, text: string) => assets.set(path, fileOf(path, encode(text)));
    const read = (path: string) => this.#code(path);
    const joined = entry === undefined ? new Set<string>() : findModules([entry], read);
    const others = [...this.#files.keys()].filter((path) =>
      isAsset(path) && !joined.has(path) && !styles.includes(path)
    );
    for (const path of findModules(others, read)) {
      const file = this.#files.get(path);
      if (isScript(path)) add(path, read(path) ?? "");
      else if (file) assets.set(path, file);
    }
    if (entry !== undefined) add(entry, `${HINT}\n${joinModules(entry, read)}`);
    if (styles.length > 0) add(STYLE, styles.map(read).join("\n"));
    this.#assets = assets;
    this.#files.set(SHELL, this.#shell(assets.keys()));
  }

  /** The text of a file, and of a script the code alone. */
  #code(path: string): string | undefined {
    const bytes = this.#files.get(path)?.bytes;
    if (bytes === undefined) return undefined;
    return isScript(path) ? withoutComments(decode(bytes)) : decode(bytes);
  }

  /** What the page needs without a network. It comes last itself: where it is kept, the rest is too. */
  #shell(assets: Iterable<string>): ReleaseFile {
    const others = [...this.#files.keys()].filter((path) =>
      !isAsset(path) && ![PAGE, PAGE_FILE, "/sw.js"].includes(path)
    );
    const files = [...[...assets].map((path) => this.prefix + path), ...others, PAGE];
    return fileOf(SHELL, encode(JSON.stringify({ release: this.#name, files })));
  }
}

function fileOf(path: string, bytes: Uint8Array<ArrayBuffer>): ReleaseFile {
  return { extension: extname(path), bytes };
}

function isAsset(path: string): boolean {
  return /^\/(?:css|js)\//.test(path);
}

function isScript(path: string): boolean {
  return extname(path) === ".js";
}

/** Leaves out what is hidden, and symbolic links, which may lead out of the folder. */
function listFiles(folder: string, under: string): string[] {
  return [...Deno.readDirSync(join(folder, under))].flatMap(({ name, isDirectory, isFile }) => {
    const path = `${under}/${name}`;
    if (name.startsWith(".")) return [];
    return isDirectory ? listFiles(folder, path) : isFile ? [path] : [];
  });
}

async function nameOf(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): Promise<string> {
  const digests: string[] = [];
  for (const [path, bytes] of files) digests.push(`${path} ${await digest(bytes)}`);
  return (await digest(encode(digests.join("\n")))).slice(0, NAME_CHARS);
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
