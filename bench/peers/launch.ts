import type { RunningPeer } from "./peer.ts";

/** How long a server may take to listen, in milliseconds: FastAPI needs 600 on an idle machine. */
const START_MS = 20_000;
/** How long it may take to end by itself before it is ended. */
const STOP_MS = 2_000;

/** A program that serves on a port, and says so by a line `{"pid":…,"version":…}`. */
export interface Program {
  /** As a refusal names it. */
  readonly name: string;
  /** What is run. */
  readonly command: string;
  /** Its arguments; the port follows them. */
  readonly args: readonly string[];
  /** The folder that it runs in. */
  readonly cwd?: string;
}

/** Starts a program on a port and resolves once it listens. Rejects with one sentence if it does not. */
export async function launch(program: Program, port: number): Promise<RunningPeer> {
  const child = spawn(program, port);
  const ended = child.status;
  const complaints = drain(child.stderr);
  try {
    const { pid, version } = await within(START_MS, firstLine(child.stdout)).then(JSON.parse);
    return { pid, version, stop: () => stop(child, pid) };
  } catch {
    kill(child.pid, "SIGKILL");
    await ended;
    // Node writes its stack and its version after what went wrong, so the last line is not the one that says it.
    const lines = (await complaints).split("\n").map((line) => line.trim());
    const reason = lines.find((line) => /error: /i.test(line)) ?? lines.findLast(Boolean) ??
      `it did not listen within ${START_MS / 1000} s`;
    throw new Error(`Cannot start ${program.name}: ${reason}`);
  }
}

function spawn({ name, command, args, cwd }: Program, port: number): Deno.ChildProcess {
  const options: Deno.CommandOptions = {
    args: [...args, String(port)],
    cwd,
    env: { NODE_ENV: "production", NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  };
  try {
    return new Deno.Command(command, options).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(`Cannot start ${name} as there is no ${command} here: install it`);
  }
}

/** The first line of a stream, whose rest is read too: a program blocks on a pipe that is full. */
function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const sink = new WritableStream<string>({
      write(chunk) {
        if (text.includes("\n")) return;
        text += chunk;
        if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
      },
    });
    stream.pipeThrough(new TextDecoderStream()).pipeTo(sink).then(
      () => reject(new Error("It ended without a line")),
      reject,
    );
  });
}

/** The first 16 Ki characters of a stream, once it ends. */
async function drain(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    if (text.length < 16 * 1024) text += chunk;
  }
  return text;
}

async function stop(child: Deno.ChildProcess, pid: number): Promise<void> {
  // What was started may be a shim, and the server a child of it.
  for (const id of new Set([pid, child.pid])) kill(id, "SIGTERM");
  const late = setTimeout(() => {
    for (const id of new Set([pid, child.pid])) kill(id, "SIGKILL");
  }, STOP_MS);
  await child.status;
  clearTimeout(late);
}

function kill(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("It took too long")), ms);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
