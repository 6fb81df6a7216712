import type { KvDatabase } from "../store/kv_database.ts";
import { type Link, LINK_VERSION, type Post } from "./link.ts";
import { packPost } from "./postgres_payload.ts";

/** How often the posts of others are looked for, whatever was heard of them, in milliseconds. */
const LOOK_MS = 2_000;
/** How long a post stands for others to read it, in milliseconds: who comes later has missed a hint. */
const STANDS_MS = 1_000;
/** What the posts of one instance may come to together, in code units: far below the 64 KiB of a value. */
const MAX_LENGTH = 16_384;
/** How many payloads may wait. Posts beyond it are lost: they are hints. */
const MAX_WAITING = 1024;
/** How long after its last post the database may forget what an instance posted, in milliseconds. */
const SWEPT_AFTER_MS = 60_000;
/** How soon a watch that broke is begun again, in milliseconds. */
const RETRY_MS = 1_000;

/** The one key that all watch: whoever has posted changes it. */
const HINT = ["parley", "link"];
const POSTS = ["parley", "posts"];

/** The latest posts of an instance. */
interface Board {
  /** The link that posted: an instance may come again and count from the beginning. */
  readonly link: string;
  /** The number of the last post; those before it have the numbers below. */
  readonly last: number;
  /** Posts as JSON, oldest first. */
  readonly posts: readonly string[];
}

/**
 * Links the instances that share a Deno KV database: each has a key with its latest posts, and all watch one key that
 * says that there are some.
 *
 * A watch tells of the latest state only, and on some databases of nothing that another process wrote, so the keys are
 * looked at every 2 s too. Changes are told of by their heads: a value holds 64 KiB.
 */
export function openKvLink(
  database: KvDatabase,
  instance: string,
  receive: (post: Post) => void,
): Promise<Link> {
  const link = new KvLink(database, instance, receive);
  return link.open();
}

class KvLink implements Link {
  readonly changes = "heads";
  readonly #db: KvDatabase;
  readonly #instance: string;
  readonly #receive: (post: Post) => void;
  readonly #id = crypto.randomUUID();
  readonly #closing = new AbortController();
  /** How far the posts of each link were read. */
  #read = new Map<string, number>();
  #waiting: string[] = [];
  #standing: { readonly payload: string; readonly at: number }[] = [];
  #last = 0;
  #sending: Promise<void> | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #watching: Promise<void> | undefined;
  #reader: ReadableStreamDefaultReader<unknown> | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(database: KvDatabase, instance: string, receive: (post: Post) => void) {
    this.#db = database;
    this.#instance = instance;
    this.#receive = receive;
  }

  /** Passes over what was posted before; resolves when what is posted from now on is received. */
  async open(): Promise<Link> {
    for (const { link, last } of await this.#boards().catch(() => [])) this.#read.set(link, last);
    this.#watching = this.#watch();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    return this;
  }

  post(post: Post): void {
    if (this.#closing.signal.aborted) return;
    this.#waiting.push(...packPost(post).slice(0, MAX_WAITING - this.#waiting.length));
    // What comes in the same turn goes together.
    this.#sending ??= Promise.resolve().then(() => this.#send());
  }

  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort();
      clearInterval(this.#timer);
      this.#reader?.cancel().catch(() => {});
    }
    await Promise.all([this.#sending, this.#looking, this.#watching]);
  }

  async #send(): Promise<void> {
    while (this.#waiting.length > 0) {
      const now = Date.now();
      const fresh = this.#take();
      this.#last += fresh.length;
      this.#standing = [
        ...this.#standing.filter(({ at }) => at > now - STANDS_MS),
        ...fresh.map((payload) => ({ payload, at: now })),
      ];
      const posts = trim(this.#standing.map(({ payload }) => payload));
      const board: Board = { link: this.#id, last: this.#last, posts };
      // What cannot be posted is a hint less.
      await this.#db.commit([], [
        {
          type: "set",
          key: [...POSTS, this.#instance],
          value: board,
          expireIn: SWEPT_AFTER_MS,
        },
        { type: "set", key: HINT, value: `${this.#id} ${this.#last}` },
      ]).catch(() => {});
    }
    this.#sending = undefined;
  }

  /** As many payloads that wait as one board holds. */
  #take(): string[] {
    let length = 0;
    const count = this.#waiting.findIndex((payload) => (length += payload.length) > MAX_LENGTH);
    return this.#waiting.splice(0, count < 0 ? Infinity : Math.max(count, 1));
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        this.#reader = this.#db.watch(HINT).getReader();
        // Closed while it was begun, nobody has cancelled it.
        if (signal.aborted) await this.#reader.cancel();
        while (!(await this.#reader.read()).done) this.#look();
      } catch {
        // It is begun again; until then there is the look that comes every 2 s.
      }
      if (!signal.aborted) await pause(signal);
    }
  }

  /** Reads what others have posted; once more if it is asked for meanwhile. */
  #look(): void {
    if (this.#closing.signal.aborted) return;
    this.#lookAgain = true;
    this.#looking ??= this.#lookUntilQuiet();
  }

  async #lookUntilQuiet(): Promise<void> {
    while (this.#lookAgain && !this.#closing.signal.aborted) {
      this.#lookAgain = false;
      const boards = await this.#boards().catch(() => undefined);
      if (boards) this.#hear(boards);
    }
    this.#looking = undefined;
  }

  async #boards(): Promise<Board[]> {
    const boards = await this.#db.listAll<Board>({ prefix: POSTS });
    const others = boards.filter(({ key }) => key.at(-1) !== this.#instance);
    return others.map(({ value }) => value);
  }

  #hear(boards: readonly Board[]): void {
    const read = new Map<string, number>();
    for (const { link, last, posts } of boards) {
      const unread = last - (this.#read.get(link) ?? 0);
      read.set(link, last);
      for (const payload of unread > 0 ? posts.slice(-unread) : []) this.#tell(payload);
    }
    // Who is not among them any more comes again as another link.
    this.#read = read;
  }

  #tell(payload: string): void {
    if (this.#closing.signal.aborted) return;
    const post: Post = JSON.parse(payload);
    if (post.v === LINK_VERSION && post.from !== this.#instance) this.#receive(post);
  }
}

/** The last payloads that fit together. */
function trim(payloads: readonly string[]): string[] {
  let length = 0;
  const from = payloads.findLastIndex((payload) => (length += payload.length) > MAX_LENGTH);
  return payloads.slice(Math.min(from + 1, payloads.length - 1));
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, RETRY_MS);
    signal.addEventListener("abort", done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
