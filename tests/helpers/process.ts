import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "@std/assert";

/** How long a process may live where a test names no time, in milliseconds: a test that hangs ends with it. */
const LIFETIME_MS = 45_000;
/** How long a process may take to listen or to end, in milliseconds. */
const PATIENCE_MS = 15_000;

/** The tree that is tested. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

/** How a {@linkcode ServerProcess} is started. */
export interface ProcessOptions {
  /** The folder of the tree that is run, if it is not this one. */
  readonly tree?: string;
  /** What is set in its environment, over a free port and a quiet log. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The task of `deno.json` whose flags and arguments it gets. */
  readonly task?: "dev" | "start";
  /** What is run in place of `main.ts`. */
  readonly main?: string;
  /** Turns the flags of the task into others. */
  readonly flags?: (flags: readonly string[]) => readonly string[];
  /** What stands before the whole command, such as another program that runs it somewhere else. */
  readonly before?: readonly string[];
  /** How long it may live, in milliseconds. */
  readonly lifetimeMs?: number;
}

/** How a process ended. */
export interface Ending {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The server as a process of its own, as a task of `deno.json` would run it; killed when the test lets go of it. */
export class ServerProcess implements AsyncDisposable {
  /** `ws://127.0.0.1:PORT/ws`, once it listens. */
  ws = "";
  /** `http://127.0.0.1:PORT`, once it listens. */
  url = "";
  /** What it has written so far. */
  readonly output = { stdout: "", stderr: "" };
  /** How it ended. */
  readonly ended: Promise<Ending>;
  readonly #child: Deno.ChildProcess;
  #over = false;

  constructor({ settings, lifetimeMs = LIFETIME_MS, ...options }: ProcessOptions = {}) {
    const { tree = ROOT } = options;
    const [program, ...args] = commandLine({ ...options, tree });
    this.#child = new Deno.Command(program!, {
      args,
      cwd: tree,
      env: { HOST: "127.0.0.1", PORT: "0", PARLEY_LOG: "error", NO_COLOR: "1", ...settings },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.ended = this.#follow(lifetimeMs);
  }

  /** Starts a process and waits until it listens. */
  static async listening(options: ProcessOptions = {}): Promise<ServerProcess> {
    const process = new ServerProcess(options);
    try {
      await process.listens();
    } catch (error) {
      await process[Symbol.asyncDispose]();
      throw error;
    }
    return process;
  }

  /** Waits until it listens. */
  async listens(): Promise<void> {
    await this.written("stdout", /http:.*:(\d+)\//);
    const [, port] = /:(\d+)\//.exec(this.output.stdout)!;
    this.url = `http://127.0.0.1:${port}`;
    this.ws = `ws://127.0.0.1:${port}/ws`;
  }

  /** Its number, for what the system tells of it. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Waits until it has written something. */
  async written(to: "stdout" | "stderr", what: RegExp): Promise<void> {
    const late = performance.now() + PATIENCE_MS;
    while (!what.test(this.output[to])) {
      assert(!this.#over, `It ended before it wrote ${what}: ${this.output.stderr}`);
      assert(performance.now() < late, `It did not write ${what} in ${PATIENCE_MS} ms`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Writes a line to its standard input. */
  async tell(line: string): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(`${line}\n`));
    writer.releaseLock();
  }

  /** Sends it a signal. */
  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Sends it a signal and waits until it has ended: the exit code, and how long it took in milliseconds. */
  async end(signal: Deno.Signal = "SIGTERM"): Promise<Ending & { readonly tookMs: number }> {
    const begunAt = performance.now();
    this.signal(signal);
    const ending = await this.ended;
    return { ...ending, tookMs: performance.now() - begunAt };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#kill();
    await this.ended;
  }

  async #follow(lifetimeMs: number): Promise<Ending> {
    const timer = setTimeout(() => this.#kill(), lifetimeMs);
    const [{ code }] = await Promise.all([
      this.#child.status,
      this.#read("stdout"),
      this.#read("stderr"),
    ]);
    this.#over = true;
    clearTimeout(timer);
    await this.#child.stdin.close().catch(() => {});
    return { code, ...this.output };
  }

  async #read(from: "stdout" | "stderr"): Promise<void> {
    for await (const text of this.#child[from].pipeThrough(new TextDecoderStream())) {
      this.output[from] += text;
    }
  }

  #kill(): void {
    try {
      this.signal("SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

function commandLine(
  { tree, task = "start", main = "main.ts", flags = (same) => same, before = [] }:
    & ProcessOptions
    & { readonly tree: string },
): string[] {
  const manifest = JSON.parse(Deno.readTextFileSync(resolve(tree, "deno.json")));
  const [deno, run, ...words] = manifest.tasks[task].split(" ");
  assert(deno === "deno" && run === "run", `The task "${task}" must be "deno run …"`);
  const place = words.indexOf("main.ts");
  const program = [...before, Deno.execPath()];
  return [...program, "run", ...flags(words.slice(0, place)), main, ...words.slice(place + 1)];
}

/** A folder that is removed when the test lets go of it. */
export class TemporaryFolder implements Disposable {
  readonly path: string = Deno.makeTempDirSync({ prefix: "parley-" });

  /** A setting that keeps the store in this folder. */
  get store(): { readonly PARLEY_STORE: string } {
    return { PARLEY_STORE: `sqlite:${this.path}/parley.db` };
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
