import type { Random } from "../simulation/random.ts";
import { type ProcessOptions, ServerProcess } from "../helpers/process.ts";

/** A server that is killed and started again, always on the same port and over the same database. */
export class RestartingServer implements AsyncDisposable {
  readonly #options: ProcessOptions;
  #process: ServerProcess | undefined;
  #up = Promise.withResolvers<void>();

  /** It does not run at first; `settings` name a store that outlives a process. */
  constructor(random: Random, { settings, ...options }: ProcessOptions) {
    this.#options = { ...options, settings: { ...settings, PORT: String(freePort(random)) } };
  }

  /** Resolves when it listens: at once, or after the next start. */
  get up(): Promise<void> {
    return this.#up.promise;
  }

  /** `http://127.0.0.1:PORT`, the same for every life. */
  get url(): string {
    return `http://127.0.0.1:${this.#options.settings!.PORT}`;
  }

  /** `ws://127.0.0.1:PORT/ws` */
  get ws(): string {
    return `${this.url.replace("http", "ws")}/ws`;
  }

  /** Starts it and waits until it listens. */
  async start(): Promise<void> {
    this.#process = await ServerProcess.listening(this.#options);
    this.#up.resolve();
  }

  /** Stops it in the middle of whatever it does: what is sent to it from now on is not answered. */
  freeze(): void {
    this.#process!.signal("SIGSTOP");
  }

  /** Lets it go on. */
  thaw(): void {
    this.#process!.signal("SIGCONT");
  }

  /** Kills it as a crash would, without a word to anyone. */
  async kill(): Promise<void> {
    this.#up = Promise.withResolvers();
    await this.#process?.end("SIGKILL");
  }

  /** Lets it end in order: the exit code. */
  async stop(): Promise<number> {
    return (await this.#process!.end()).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.[Symbol.asyncDispose]();
  }
}

/**
 * A port that nobody takes while the server is down: below those that the system gives out by itself, so that neither
 * another test's server nor a client's own end comes to lie on it.
 */
function freePort(random: Random): number {
  for (;;) {
    const port = random.integer(10_000, 32_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
