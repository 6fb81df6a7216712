import { eTag, ifNoneMatch } from "@std/http/etag";
import { acceptsEncodings } from "@std/http/negotiation";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { problem } from "./problem.ts";
import { Release, type ReleaseFile } from "./release.ts";
import { TEXT_TYPES } from "./static_files.ts";

/** The types of other files that the page has. */
const BINARY_TYPES: Readonly<Record<string, string>> = { ".png": "image/png" };

/**
 * How hard Brotli tries, of 11. The script of the page takes 16 ms with 5, 60 with 9 and 670 with 11, for 62, 60 and 54 KB;
 * the first visitor of a process waits for it.
 */
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

/** How a body may be encoded, the smallest first. */
const COMPRESS = {
  br: (bytes: Uint8Array) => promisify(brotliCompress)(bytes, QUALITY),
  gzip: promisify(gzip),
} as const;
type Encoding = keyof typeof COMPRESS | "identity";

/** A file as it is sent. */
interface Sent {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

/**
 * Reads the files of a folder as a {@linkcode Release}, and makes a handler that serves them from memory, compressed
 * where the client takes it.
 *
 * A browser keeps scripts and style sheets of the page for good, since their paths name the release, and asks each time
 * whether another file has changed. Each body is made once; there are three at the most for each file.
 */
export async function createReleaseFiles(
  folder: string,
): Promise<(request: Request) => Promise<Response>> {
  const release = await Release.read(folder);

  return async (request) => {
    const found = release.find(decodePath(new URL(request.url).pathname));
    if (!found) return problem(404, "not_found", "There is nothing at this path");

    const { file, fixed } = found;
    const type = TEXT_TYPES[file.extension] ?? BINARY_TYPES[file.extension];
    const encoding = chooseEncoding(request, file);
    const { bytes, etag } = await bodies.make(file, encoding);
    const headers = new Headers({
      "content-type": type ?? "application/octet-stream",
      "cache-control": fixed ? "public, max-age=31536000, immutable" : "no-cache",
    });
    if (isText(file)) headers.set("vary", "Accept-Encoding");
    // Nobody asks whether something has changed that never does.
    if (!fixed) headers.set("etag", etag);
    if (!fixed && !ifNoneMatch(request.headers.get("if-none-match"), etag)) {
      return new Response(null, { status: 304, headers });
    }
    if (encoding !== "identity") headers.set("content-encoding", encoding);
    headers.set("content-length", String(bytes.length));
    return new Response(request.method === "HEAD" ? null : bytes, { headers });
  };
}

/** The bodies that were asked for. */
class Bodies {
  readonly #made = new WeakMap<ReleaseFile, Map<Encoding, Promise<Sent>>>();

  make(file: ReleaseFile, encoding: Encoding): Promise<Sent> {
    const made = this.#made.get(file) ?? new Map<Encoding, Promise<Sent>>();
    this.#made.set(file, made);
    const body = made.get(encoding) ?? makeBody(file, encoding);
    made.set(encoding, body);
    return body;
  }
}

const bodies = new Bodies();

async function makeBody({ bytes }: ReleaseFile, encoding: Encoding): Promise<Sent> {
  const body = encoding === "identity" ? bytes : new Uint8Array(await COMPRESS[encoding](bytes));
  return { bytes: body, etag: await eTag(body) };
}

function chooseEncoding(request: Request, file: ReleaseFile): Encoding {
  // Whoever names no encoding may take any, by the letter of RFC 9110; in practice it reads none.
  if (!isText(file) || !request.headers.has("accept-encoding")) return "identity";
  const encodings = ["br", "gzip"] as const;
  return encodings.find((encoding) => acceptsEncodings(request, encoding) === encoding) ??
    "identity";
}

function isText({ extension }: ReleaseFile): boolean {
  return extension in TEXT_TYPES;
}

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
