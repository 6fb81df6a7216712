import { extname, join, sep } from "node:path";
import { problem } from "./problem.ts";

/** The types of text files, whose encoding a browser would have to guess; other types come from the file server. */
export const TEXT_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json; charset=utf-8",
};

/** What the file system says of a path that leads nowhere. */
const NOWHERE = ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ELOOP"];

/**
 * Makes a handler that serves the files of a folder as they are at the moment, and its `index.html` at `/`: for
 * development.
 *
 * A browser keeps a file but asks each time whether it changed, since file names carry no version. Hidden files, and
 * whatever lies outside the folder, are not found.
 */
export function createStaticFiles(folder: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const path = await findFile(folder, new URL(request.url).pathname);
    if (path === undefined) return problem(404, "not_found", "There is nothing at this path");

    const { serveFile } = await import("@std/http/file-server");
    const response = await serveFile(request, path);
    response.headers.set("cache-control", "no-cache");
    const type = TEXT_TYPES[extname(path)];
    if (type !== undefined && response.ok) response.headers.set("content-type", type);
    return response;
  };
}

/** Where the file is that a path of a URL names; `undefined` if there is none that may be served. */
export async function findFile(folder: string, pathname: string): Promise<string | undefined> {
  const segments = readSegments(pathname === "/" ? "/index.html" : pathname);
  if (segments === undefined) return undefined;
  try {
    const root = await Deno.realPath(folder);
    // A symbolic link inside the folder may lead out of it.
    const path = await Deno.realPath(join(root, ...segments));
    const { isFile } = await Deno.stat(path);
    return isFile && path.startsWith(root + sep) ? path : undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && NOWHERE.includes(String(error.code))) {
      return undefined;
    }
    throw error;
  }
}

/** Decodes after splitting, so that an encoded slash cannot make segments, and refuses hidden and special ones. */
function readSegments(pathname: string): string[] | undefined {
  try {
    const segments = pathname.slice(1).split("/").map(decodeURIComponent);
    return segments.every((segment) => /^[^./\\\0][^/\\\0]*$/.test(segment)) ? segments : undefined;
  } catch {
    return undefined;
  }
}
