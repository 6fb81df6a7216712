import { extname, join } from "node:path";
import { writePage } from "./release_page.ts";

/** How many characters of its digest name a release: 48 bits. */
const NAME_CHARS = 12;
/** What the page is at, and the file that it is made of. */
const PAGE = "/";
const PAGE_FILE = "/index.html";
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
 * in it, whichever server or cache they come from.
 */
export class Release {
  /** The beginning of the paths of its scripts and style sheets: `/@` and the name. */
  readonly prefix: string;
  /** The one that was read last: instances of one process share it, and what was made of it. */
  static #latest: Release | undefined;
  readonly #files = new Map<string, ReleaseFile>();

  private constructor(name: string, files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>) {
    this.prefix = `/@${name}`;
    for (const [path, bytes] of files) this.#add(path, bytes);
    const html = files.get(PAGE_FILE);
    if (html) {
      const page = encode(writePage(decode(html), this.prefix, (path) => this.#text(path)));
      for (const path of [PAGE, PAGE_FILE]) this.#add(path, page, PAGE_FILE);
    }
    this.#add(SHELL, encode(JSON.stringify({ release: name, files: this.#shell(files.keys()) })));
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
    const path = fixed ? pathname.slice(this.prefix.length) : pathname;
    const file = fixed && !isAsset(path) ? undefined : this.#files.get(path);
    return file && { file, fixed };
  }

  #add(path: string, bytes: Uint8Array<ArrayBuffer>, name = path): void {
    this.#files.set(path, { extension: extname(name), bytes });
  }

  #text(path: string): string | undefined {
    const file = this.#files.get(path);
    return file && decode(file.bytes);
  }

  /** What the page needs without a network. It comes last itself: where it is kept, the rest is too. */
  #shell(paths: Iterable<string>): readonly string[] {
    const others = [...paths].filter((path) => path !== PAGE_FILE && path !== "/sw.js");
    return [...others.map((path) => isAsset(path) ? this.prefix + path : path), PAGE];
  }
}

function isAsset(path: string): boolean {
  return /^\/(?:css|js)\//.test(path);
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
