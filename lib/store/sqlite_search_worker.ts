/// <reference lib="deno.worker" />
/**
 * The Worker that searches a SQLite file, so that a search holds up nothing else.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { type Answer, type Call, END, toFailure } from "./sqlite_calls.ts";
import { SqliteSearch } from "./sqlite_search.ts";

/** A port of searches to serve, and the file to look in. */
export interface Serve {
  /** Its path. */
  readonly path: string;
  /** Where searches come from, and where their answers go. */
  readonly port: MessagePort;
}

function serve({ path, port }: Serve): void {
  port.onmessage = ({ data }: MessageEvent<string | typeof END>) => {
    if (data === END) port.close();
    else port.postMessage(JSON.stringify(answer(path, JSON.parse(data))));
  };
}

function answer(path: string, calls: readonly Call[]): Answer[] {
  return calls.map(({ args }) => {
    try {
      return { value: searchIn(path, args as Call<"search">["args"]) };
    } catch (error) {
      return toFailure(error);
    }
  });
}

/** The file is opened anew each time, which takes 1 ms: another one may have taken its place. */
function searchIn(path: string, [query]: Call<"search">["args"]) {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return new SqliteSearch(db).search(query);
  } finally {
    db.close();
  }
}

self.addEventListener("message", ({ data }: MessageEvent<Serve>) => serve(data));
