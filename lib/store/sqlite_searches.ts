import { END } from "./sqlite_calls.ts";
import { type SqliteDatabase, STEPS_A_SEARCH } from "./sqlite_database.ts";
import type { Serve } from "./sqlite_search_worker.ts";

/** How long after a text was written it is indexed, in milliseconds, unless a search comes before. */
const INDEX_AFTER_MS = 1000;
/** How long those who write have the database between two steps of indexing, in milliseconds: a step takes 3. */
const INDEX_PAUSE_MS = 10;

/** Indexes the texts of a SQLite database while there is time, and has another Worker search those of a file. */
export class SqliteSearches {
  readonly #path: string;
  readonly #database: () => SqliteDatabase;
  #indexing: ReturnType<typeof setTimeout> | undefined;

  /** `database` gives the one that is open at `path` now. */
  constructor(path: string, database: () => SqliteDatabase) {
    this.#path = path;
    this.#database = database;
    // Another release may have written what is not indexed.
    this.wrote();
  }

  /** To be called when there may be texts to index. */
  wrote(): void {
    this.#indexIn(INDEX_AFTER_MS);
  }

  /**
   * Hands on the searches that come from a port, each when it can find what was written before. `searcher` takes a {@linkcode Serve} to
   * the Worker that searches; `onEnd` is called when no more will come.
   */
  serve(port: MessagePort, searcher: MessagePort, onEnd: () => void): void {
    const { port1: ours, port2: theirs } = new MessageChannel();
    searcher.postMessage({ path: this.#path, port: theirs } satisfies Serve, [theirs]);
    let last = Promise.resolve();
    port.onmessage = ({ data }: MessageEvent<string | typeof END>) => {
      if (data !== END) {
        last = last.then(() => this.#catchUp()).then(() => ours.postMessage(data));
        return;
      }
      ours.postMessage(END);
      for (const end of [port, ours]) end.close();
      onEnd();
    };
    ours.onmessage = ({ data }: MessageEvent<string>) => port.postMessage(data);
  }

  /** Does nothing more. */
  close(): void {
    clearTimeout(this.#indexing);
  }

  /** Indexes what was written so far, a step a turn; of very much the next 10,000 messages. */
  async #catchUp(): Promise<void> {
    for (let steps = 0; steps < STEPS_A_SEARCH && this.#isBehind(); steps++) {
      this.#index();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #indexIn(ms: number): void {
    this.#indexing ??= setTimeout(() => {
      this.#indexing = undefined;
      if (this.#index()) this.#indexIn(INDEX_PAUSE_MS);
    }, ms);
  }

  /** Answers whether there is more to do. */
  #index(): boolean {
    return this.#attempt(() => this.#database().index());
  }

  #isBehind(): boolean {
    return this.#attempt(() => this.#database().isBehind);
  }

  /** What the engine cannot do now is done later: nobody waits for it. */
  #attempt(work: () => boolean): boolean {
    try {
      return work();
    } catch {
      this.wrote();
      return false;
    }
  }
}
