import type { Searching } from "./sqlite_caller.ts";
import { answerCalls, type Call, encodeAnswers, END, type Method } from "./sqlite_calls.ts";
import { SqliteDatabase } from "./sqlite_database.ts";
import { fileIdentity, logFile, removeCompanions } from "./sqlite_file.ts";
import type { SqliteSync } from "./sqlite_schema.ts";
import { SqliteSearches } from "./sqlite_searches.ts";

/** What a {@linkcode SqliteServer} serves. */
export interface Served {
  /** A file, or `":memory:"`. */
  readonly path: string;
  /** How far a commit waits for the disk. */
  readonly sync: SqliteSync;
  /** Takes ports to the Worker that searches a file. Without it searches are done like all else. */
  readonly searcher?: MessagePort;
}

interface Batch {
  readonly port: MessagePort;
  readonly calls: readonly Call[];
}

/** What leaves the index something to do. */
const INDEXED: ReadonlySet<Method> = new Set(["append", "prune"]);

/** How often it is looked whether another file has taken the database's place, in milliseconds. */
const LOOK_MS = 1000;

/** Serves the database of one path to many ports, in the isolate that makes it. */
export class SqliteServer {
  readonly #path: string;
  readonly #sync: SqliteSync;
  readonly #ports = new Set<MessagePort>();
  readonly #searches: SqliteSearches;
  readonly #searcher: MessagePort | undefined;
  readonly #looking: ReturnType<typeof setInterval> | undefined;
  #database: SqliteDatabase;
  #file: string;
  #logFile: string;
  #batches: Batch[] = [];

  /** Throws as {@linkcode SqliteDatabase} does. */
  constructor({ path, sync, searcher }: Served) {
    this.#path = path;
    this.#sync = sync;
    this.#database = new SqliteDatabase(path, { sync });
    this.#file = fileIdentity(path);
    this.#logFile = fileIdentity(logFile(path));
    this.#searches = new SqliteSearches(path, () => this.#database);
    this.#searcher = searcher;
    // Nothing takes the place of what is in memory.
    if (this.#file !== "") this.#looking = setInterval(() => this.#look(), LOOK_MS);
  }

  /** Answers the batches of calls that a store posts to the other end of a port. */
  serve(port: MessagePort): void {
    this.#ports.add(port);
    port.onmessage = ({ data }: MessageEvent<string | Searching | typeof END>) => {
      if (data === END) {
        this.#ports.delete(port);
        port.close();
      } else if (typeof data === "object") {
        this.#serveSearches(data.search);
      } else {
        // What has come from any port by the end of this turn is one transaction.
        if (this.#batches.length === 0) setImmediate(() => this.#answer());
        this.#batches.push({ port, calls: JSON.parse(data) });
      }
    };
  }

  /** Answers what has come, tells those at the ports that no more will be, and lets go of the file. */
  close(): void {
    clearInterval(this.#looking);
    this.#searches.close();
    this.#answer();
    for (const port of this.#ports) {
      port.postMessage(END);
      port.close();
    }
    this.#database.close();
  }

  /** Goes over to the file that has taken the database's place. What cannot be opened ends the Worker, and the process. */
  #look(): void {
    if (fileIdentity(this.#path) === this.#file) return;
    const secret = this.#database.secret();
    this.#database.close();
    const isOurs = fileIdentity(logFile(this.#path)) === this.#logFile;
    if (isOurs) removeCompanions(this.#path);
    this.#database = new SqliteDatabase(this.#path, { sync: this.#sync });
    this.#database.adopt(secret);
    this.#file = fileIdentity(this.#path);
    this.#logFile = fileIdentity(logFile(this.#path));
    this.#searches.wrote();
  }

  #answer(): void {
    const batches = this.#batches;
    this.#batches = [];
    const calls = batches.flatMap(({ calls }) => calls);
    const answers = answerCalls(this.#database, calls);
    if (calls.some(({ method }) => INDEXED.has(method))) this.#searches.wrote();
    for (const { port, calls } of batches) {
      port.postMessage(encodeAnswers(calls, answers.splice(0, calls.length)));
    }
  }

  /** Beside all else, where there is a Worker for them. */
  #serveSearches(port: MessagePort): void {
    if (!this.#searcher) return this.serve(port);
    this.#ports.add(port);
    this.#searches.serve(port, this.#searcher, () => this.#ports.delete(port));
  }
}
