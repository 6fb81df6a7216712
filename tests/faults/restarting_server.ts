import { freePort } from "../helpers/free_port.ts";
import { type ProcessOptions, ServerProcess } from "../helpers/process.ts";
import type { Random } from "../simulation/random.ts";

/** A server that is killed and started again, always on the same port and over the same database. */
export class RestartingServer implements AsyncDisposable {
  #options: ProcessOptions;
  readonly #lives: ServerProcess[] = [];
  #process: ServerProcess | undefined;
  #up = Promise.withResolvers<void>();

  /** It does not run at first; `settings` name a store that outlives a process. */
  constructor(random: Random, { settings, ...options }: ProcessOptions) {
    const port = freePort((min, max) => random.integer(min, max));
    this.#options = {
      ...options,
      settings: { HOST: "127.0.0.1", ...settings, PORT: String(port) },
    };
  }

  /** Resolves when it listens: at once, or after the next start. */
  get up(): Promise<void> {
    return this.#up.promise;
  }

  /** `http://127.0.0.1:PORT`, the same for every life. */
  get url(): string {
    const { HOST, PORT } = this.#options.settings!;
    return `http://${HOST}:${PORT}`;
  }

  /** `ws://127.0.0.1:PORT/ws` */
  get ws(): string {
    return `${this.url.replace("http", "ws")}/ws`;
  }

  /** Starts it and waits until it listens; `tree` is the folder of the release that is run from now on. */
  async start(tree = this.#options.tree): Promise<void> {
    this.#options = { ...this.#options, tree };
    this.#process = await ServerProcess.listening(this.#options);
    this.#lives.push(this.#process);
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

  /** What it has complained of in all its lives. */
  get complaints(): string {
    return this.#lives.map(({ output }) => output.stderr).join("");
  }

  /** The process that runs, or ran last. */
  get process(): ServerProcess {
    return this.#process!;
  }

  /** Lets it end in order: the exit code. */
  async stop(signal?: Deno.Signal): Promise<number> {
    this.#up = Promise.withResolvers();
    return (await this.#process!.end(signal)).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.[Symbol.asyncDispose]();
  }
}
