import { assert } from "@std/assert";

/** How long an engine may take to answer or to end, in milliseconds. */
const PATIENCE_MS = 15_000;

/** A program with children, such as the server of an engine: all of them are stopped and killed together. */
export class EngineProcess {
  readonly #child: Deno.ChildProcess;
  readonly #output: Promise<string>;
  #over = false;

  /** Starts it, as another user where one is named. It dies with this process, however that ends. */
  constructor(command: readonly string[], { user }: { readonly user?: string } = {}) {
    const [program, ...args] = [...asUser(user), ...command];
    this.#child = new Deno.Command(program!, {
      args,
      cwd: "/",
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#output = new Response(this.#child.stderr).text();
    this.#child.status.then(() => this.#over = true);
  }

  /** Waits until it answers; fails with what it wrote if it ends before. */
  async until(answers: () => Promise<boolean>): Promise<void> {
    const late = performance.now() + PATIENCE_MS;
    while (!await answers()) {
      if (this.#over) throw new Error(`The engine has ended: ${await this.#output}`);
      assert(performance.now() < late, `The engine did not answer in ${PATIENCE_MS} ms`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Sends a signal to it and to all its children; the parent first, so that it has no more of them. */
  signal(signal: Deno.Signal): void {
    if (this.#over) return;
    const { pid } = this.#child;
    for (const each of [pid, ...children(pid)]) {
      try {
        Deno.kill(each, signal);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
  }

  /** Kills all of it and waits until nothing is left. */
  async kill(): Promise<void> {
    if (this.#over) return;
    const { pid } = this.#child;
    // One that runs could start another child between the look and the kill.
    Deno.kill(pid, "SIGSTOP");
    const offspring = children(pid);
    this.signal("SIGKILL");
    await this.#child.status;
    await this.#output;
    const late = performance.now() + PATIENCE_MS;
    while (offspring.some(isAlive)) {
      assert(performance.now() < late, "A child of the engine does not die");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** What stands before a command that is to be run as another user, and to die with its parent. */
export function asUser(user?: string): string[] {
  if (Deno.build.os !== "linux") return [];
  const as = user === undefined || Deno.uid() !== 0
    ? []
    : ["--reuid", user, "--regid", user, "--clear-groups"];
  return ["setpriv", "--pdeathsig", "SIGKILL", ...as];
}

/** Runs a program to its end: what it wrote. Throws with what it complained of. */
export async function runTool(
  command: readonly string[],
  { env, user }: { readonly env?: Record<string, string>; readonly user?: string } = {},
): Promise<string> {
  const [program, ...args] = [...asUser(user), ...command];
  const { success, stdout, stderr } = await new Deno.Command(program!, { args, env, cwd: "/" })
    .output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`${command[0]} failed: ${text(stderr)}`);
  return text(stdout);
}

function children(pid: number): number[] {
  try {
    const list = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`);
    return list.split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** A process that is dead and not waited for yet still stands in the list. */
function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch {
    return false;
  }
}
