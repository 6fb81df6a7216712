/// <reference lib="deno.worker" />
/**
 * The Worker that holds a process's SQLite database, so that a commit blocks no event loop that serves people.
 *
 * @module
 */
import "../timers.ts";
import type { Searching } from "./sqlite_caller.ts";
import { answerCalls, type Call, encodeAnswers, END, type Method } from "./sqlite_calls.ts";
import { SqliteDatabase } from "./sqlite_database.ts";
import { fileIdentity, logFile, removeCompanions } from "./sqlite_file.ts";
import type { SqliteSync } from "./sqlite_schema.ts";
import { SqliteSearches } from "./sqlite_searches.ts";

/** The first message to the Worker. */
export interface Start {
  /** A file, or `":memory:"`. */
  readonly path: string;
  /** How far a commit waits for the disk. */
  readonly sync: SqliteSync;
  /** Carries {@linkcode Order}s to the Worker and {@linkcode Report}s from it. */
  readonly control: MessagePort;
  /** Takes ports to the Worker that searches: a Worker that is started within another one hears nothing for 1 s (Deno 2.9.6). */
  readonly searcher: MessagePort;
}

/** What the one who started the Worker asks of it: to serve one more port, or to end. */
export type Order = { readonly serve: MessagePort } | "close";

/** What the Worker tells the one who started it. */
export type Report = "opened" | "closed" | { readonly failed: string };

interface Batch {
  readonly port: MessagePort;
  readonly calls: readonly Call[];
}

/** What leaves the index something to do. */
const INDEXED: ReadonlySet<Method> = new Set(["append", "prune"]);

/** How often it is looked whether another file has taken the database's place, in milliseconds. */
const LOOK_MS = 1000;

/** Serves the database of one path to many ports. */
class SqliteServer {
  readonly #path: string;
  readonly #sync: SqliteSync;
  readonly #ports = new Set<MessagePort>();
  readonly #looking = setInterval(() => this.#look(), LOOK_MS);
  readonly #searches: SqliteSearches;
  #database: SqliteDatabase;
  #file: string;
  #logFile: string;
  #batches: Batch[] = [];

  constructor({ path, sync, searcher }: Start) {
    this.#path = path;
    this.#sync = sync;
    this.#database = new SqliteDatabase(path, { sync });
    this.#file = fileIdentity(path);
    this.#logFile = fileIdentity(logFile(path));
    this.#searches = new SqliteSearches(path, () => this.#database, searcher);
  }

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

  /** Beside all else, but in a database in memory: nobody else can open that. */
  #serveSearches(port: MessagePort): void {
    if (this.#path === ":memory:") return this.serve(port);
    this.#ports.add(port);
    this.#searches.serve(port, () => this.#ports.delete(port));
  }
}

function start(order: Start): void {
  const { control } = order;
  const report = (report: Report) => control.postMessage(report);
  try {
    const server = new SqliteServer(order);
    control.onmessage = ({ data: order }: MessageEvent<Order>) => {
      if (order !== "close") return server.serve(order.serve);
      server.close();
      report("closed");
    };
    report("opened");
  } catch (error) {
    report({ failed: error instanceof Error ? error.message : String(error) });
  }
}

self.addEventListener("message", ({ data }: MessageEvent<Start>) => start(data), { once: true });
