import { ServerProcess, TemporaryFolder } from "../../tests/helpers/process.ts";
import type { Probed } from "./main.ts";

/** The server as a process of its own with one isolate, no limits, and probes inside. */
export class ProbedServer implements AsyncDisposable {
  readonly #process: ServerProcess;
  readonly #folder: TemporaryFolder;
  #lines = 0;

  private constructor(process: ServerProcess, folder: TemporaryFolder) {
    this.#process = process;
    this.#folder = folder;
  }

  /** Starts one over a file that `prepare` may fill before. */
  static async start(
    settings: Readonly<Record<string, string>> = {},
    prepare: (path: string) => void = () => {},
  ): Promise<ProbedServer> {
    const folder = new TemporaryFolder();
    prepare(`${folder.path}/parley.db`);
    const process = await ServerProcess.listening({
      main: "bench/durability/main.ts",
      // The probes read what the system tells of a thread.
      flags: (flags) => [...flags.filter((flag) => !flag.startsWith("--allow-")), "--allow-all"],
      settings: {
        ...folder.store,
        PARLEY_ISOLATES: "1",
        PARLEY_MESSAGES_PER_SECOND: "0",
        PARLEY_CONNECTIONS_PER_ADDRESS: "0",
        ...settings,
      },
    });
    return new ProbedServer(process, folder);
  }

  /** `http://127.0.0.1:PORT` */
  get url(): string {
    return this.#process.url;
  }

  /** `ws://127.0.0.1:PORT/ws` */
  get ws(): string {
    return this.#process.ws;
  }

  /** What its probes say, and begins the next measurement. */
  async probe(): Promise<Probed> {
    const key = `probe-${this.#lines++}`;
    await this.#process.tell(key);
    const answer = new RegExp(`^{"${key}":(.*)}\n`, "m");
    await this.#process.written("stdout", answer);
    return JSON.parse(answer.exec(this.#process.output.stdout)![1]!);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }
}
