import { extname, join, posix } from "node:path";
import { eTag, ifNoneMatch } from "./etag.ts";
import { STATUS_CODE, STATUS_TEXT, type StatusCode } from "./status.ts";

/** Options of {@linkcode serveFile}. */
export interface ServeFileOptions {
  /** The digest that the entity tag is made with, SHA-256 if not given. */
  etagAlgorithm?: AlgorithmIdentifier;
  /** What `Deno.stat` says of the file, if that is known already. */
  fileInfo?: Deno.FileInfo;
}

/**
 * Answers a request with a file: its type, its entity tag and the time of its last change; with 304 if the client has it,
 * with one range of it if the client asks for that, and with 404 if it is not there or is a folder.
 */
export async function serveFile(
  req: Request,
  filePath: string,
  { etagAlgorithm, fileInfo }: ServeFileOptions = {},
): Promise<Response> {
  await req.body?.cancel();
  if (!isRead(req)) return respond(STATUS_CODE.MethodNotAllowed);
  const info = fileInfo ?? await stat(filePath);
  if (!info || info.isDirectory) return respond(STATUS_CODE.NotFound);

  const etag = await eTag(info, { algorithm: etagAlgorithm });
  const headers = new Headers({ server: "deno", "accept-ranges": "bytes" });
  if (info.mtime) headers.set("last-modified", info.mtime.toUTCString());
  if (etag) headers.set("etag", etag);
  const type = await contentType(filePath);
  if (type) headers.set("content-type", type);

  if (req.method === "GET" && isFresh(req, etag, info.mtime)) {
    return respond(STATUS_CODE.NotModified, headers, null);
  }
  const range = req.method === "GET" ? readRange(req.headers.get("range"), info.size) : undefined;
  if (!range) {
    headers.set("content-length", `${info.size}`);
    const body = req.method === "HEAD" ? null : (await Deno.open(filePath)).readable;
    return respond(STATUS_CODE.OK, headers, body);
  }
  const { start, end } = range;
  if (end < start || start >= info.size) {
    headers.set("content-range", `bytes */${info.size}`);
    return respond(STATUS_CODE.RangeNotSatisfiable, headers);
  }
  headers.set("content-range", `bytes ${start}-${end}/${info.size}`);
  headers.set("content-length", `${end - start + 1}`);
  return respond(STATUS_CODE.PartialContent, headers, await read(filePath, range));
}

/** Options of {@linkcode serveDir}. */
export interface ServeDirOptions {
  /** The folder, the current one if not given. */
  fsRoot?: string;
  /** What is taken off the front of the path of the request, without slashes around it. */
  urlRoot?: string;
  /** Whether files are served whose name, or whose folder's name, begins with a dot. */
  showDotfiles?: boolean;
  /** Whether `index.html` answers for its folder: true if not given. */
  showIndex?: boolean;
  /** Whether pages of other origins may read the answers. */
  enableCors?: boolean;
  /** Whether requests and errors go unlogged. */
  quiet?: boolean;
  /** The digest that entity tags are made with, SHA-256 if not given. */
  etagAlgorithm?: AlgorithmIdentifier;
  /** More headers for each answer, each as `name: value`. */
  headers?: string[];
}

/** Answers a request with the file of a folder that its path names, as {@linkcode serveFile} does. */
export async function serveDir(req: Request, opts: ServeDirOptions = {}): Promise<Response> {
  if (!isRead(req)) return respond(STATUS_CODE.MethodNotAllowed);
  const response = await findInDir(req, opts).catch((error) => {
    if (!opts.quiet) console.error(error.message);
    return respond(
      error instanceof Deno.errors.NotFound
        ? STATUS_CODE.NotFound
        : STATUS_CODE.InternalServerError,
    );
  });
  if (!opts.quiet) console.debug(`[${req.method}] ${new URL(req.url).pathname} ${response.status}`);
  if (response.status === STATUS_CODE.MovedPermanently) return response;

  if (opts.enableCors) {
    response.headers.append("access-control-allow-origin", "*");
    response.headers.append(
      "access-control-allow-headers",
      "Origin, X-Requested-With, Content-Type, Accept, Range",
    );
  }
  for (const header of opts.headers ?? []) {
    const [name = "", ...value] = header.split(":");
    response.headers.append(name, value.join(":"));
  }
  return response;
}

async function findInDir(req: Request, opts: ServeDirOptions): Promise<Response> {
  const url = new URL(req.url);
  const decoded = decodeURIComponent(url.pathname);
  const path = posix.normalize(decoded);
  const root = opts.urlRoot ? `/${opts.urlRoot}` : "";
  if (!path.startsWith(root)) return respond(STATUS_CODE.NotFound);
  if (path !== decoded) return redirect(url, path);
  const inside = path.slice(root.length).replace(/\/$/, "");
  if (!opts.showDotfiles && inside.includes("/.")) return respond(STATUS_CODE.NotFound);

  const filePath = join(opts.fsRoot ?? ".", inside);
  const fileInfo = await Deno.stat(filePath);
  const asFolder = url.pathname.endsWith("/");
  if (fileInfo.isFile && asFolder) return redirect(url, url.pathname.slice(0, -1));
  if (fileInfo.isDirectory && !asFolder) return redirect(url, `${url.pathname}/`);

  const { etagAlgorithm } = opts;
  if (!fileInfo.isDirectory) return serveFile(req, filePath, { etagAlgorithm, fileInfo });
  const index = join(filePath, "index.html");
  const indexInfo = opts.showIndex === false ? undefined : await stat(index, Deno.lstat);
  return indexInfo?.isFile
    ? serveFile(req, index, { etagAlgorithm, fileInfo: indexInfo })
    : respond(STATUS_CODE.NotFound);
}

function respond(
  status: StatusCode,
  headers: HeadersInit = {},
  body: BodyInit | null = STATUS_TEXT[status],
): Response {
  return new Response(body, { status, statusText: STATUS_TEXT[status], headers });
}

function redirect(url: URL, pathname: string): Response {
  url.pathname = pathname;
  return Response.redirect(url, STATUS_CODE.MovedPermanently);
}

function isRead({ method }: Request): boolean {
  return method === "GET" || method === "HEAD";
}

async function stat(path: string, look = Deno.stat): Promise<Deno.FileInfo | undefined> {
  try {
    return await look(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** What `mime-types` says of the files of most pages: to load all types takes a quarter of a server's start. */
const COMMON_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=UTF-8",
  ".gif": "image/gif",
  ".html": "text/html; charset=UTF-8",
  ".ico": "image/vnd.microsoft.icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=UTF-8",
  ".json": "application/json; charset=UTF-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=UTF-8",
  ".webmanifest": "application/manifest+json; charset=UTF-8",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

async function contentType(path: string): Promise<string | undefined> {
  const extension = extname(path);
  return COMMON_TYPES[extension] ?? await mimeType(extension);
}

async function mimeType(extension: string): Promise<string | undefined> {
  // @ts-types="@types/mime-types"
  const { charset, lookup } = await import("mime-types");
  const type = lookup(extension);
  if (!type) return undefined;
  const encoding = charset(type);
  return encoding ? `${type}; charset=${encoding}` : type;
}

/** Whether the client has the file as it is. `If-Modified-Since` counts whole seconds, and only where there is no `If-None-Match`. */
function isFresh({ headers }: Request, etag: string | undefined, mtime: Date | null): boolean {
  const tags = headers.get("if-none-match");
  if (tags !== null) return !ifNoneMatch(tags, etag);
  const since = headers.get("if-modified-since");
  return mtime !== null && since !== null && mtime.getTime() < Date.parse(since) + 1000;
}

/** A part of a file, both ends included. */
interface ByteRange {
  start: number;
  end: number;
}

/** Reads a `Range` header of one range. One that cannot be read, or is of an empty file, asks for the whole. */
function readRange(header: string | null, size: number): ByteRange | undefined {
  const [, start, end] = /bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (size === 0 || !(start || end)) return undefined;
  if (!start) return { start: Math.max(0, size - Number(end)), end: size - 1 };
  return { start: Number(start), end: end ? Math.min(Number(end), size - 1) : size - 1 };
}

async function read(path: string, { start, end }: ByteRange): Promise<ReadableStream<Uint8Array>> {
  const file = await Deno.open(path);
  await file.seek(start, Deno.SeekMode.Start);
  let left = end - start + 1;
  return file.readable.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        controller.enqueue(chunk.subarray(0, left));
        left -= chunk.length;
        if (left <= 0) controller.terminate();
      },
    }),
  );
}
