import { assert } from "@std/assert";
import { stepsAtOnce } from "./steps.ts";

/** How the server of an engine is started. */
export interface EngineOptions {
  /** Whether it wants a password. */
  readonly password?: boolean;
  /** Whether what it acknowledged survives a power cut, as in production; not so is quicker. By default it does. */
  readonly durable?: boolean;
  /** The address to listen on, by default 127.0.0.1. */
  readonly host?: string;
}

/** A server of a store's engine that a test started for itself: on a free port, in a folder of its own. */
export interface EngineServer extends AsyncDisposable {
  /** The port on which it listens, the same after a restart. */
  readonly port: number;
  /** What `PARLEY_STORE` is set to: an address with the password in it; `database` names one other than the first. */
  url(database?: string): string;
  /** Makes an empty database: its name, for {@linkcode EngineServer.url}. */
  createDatabase(): Promise<string>;
  /** Stops all its processes in the middle of whatever they do: connections stay open, and nobody answers. */
  freeze(): void;
  /** Lets them go on. */
  thaw(): void;
  /** Kills all its processes as a crash would. */
  kill(): Promise<void>;
  /** Starts it again after it was killed, on the same port and over the same data. */
  restart(): Promise<void>;
  /** Ends the connections of all its clients from its side. */
  cut(): Promise<void>;
}

/** An engine that a store can run on. */
export interface EngineKind {
  /** Its name, for people. */
  readonly name: string;
  /** Whether it is installed here. */
  readonly isInstalled: boolean;
  /** Starts a server of it. */
  start(options?: EngineOptions): Promise<EngineServer>;
}

/** What is proved of an engine. */
export type Scenario = (engine: EngineKind) => Promise<void>;

/**
 * A test of several engines: each scenario with each engine is a step, and all are run at the same time.
 *
 * An engine that is not installed is left out, but for CI.
 */
export function engineTest(
  name: string,
  engines: readonly EngineKind[],
  scenarios: Scenario | Readonly<Record<string, Scenario>>,
): void {
  const here = engines.filter((engine) => !isSkipped(engine));
  const named = typeof scenarios === "function" ? { "": scenarios } : scenarios;
  const cases = here.flatMap((engine) =>
    Object.entries(named).map(([sentence, prove]) => ({
      name: [engine.name, sentence].filter(Boolean).join(": "),
      run: () => prove(engine),
    }))
  );
  Deno.test({
    name,
    ignore: cases.length === 0,
    fn: (t) => stepsAtOnce(t, cases, ({ run }) => run()),
  });
}

/**
 * Registers tests that share one server of an engine, which is not durable unless asked to be.
 *
 * `register` is called at once, and what it is given may be called within the tests.
 */
export function engineSuite(
  engine: EngineKind,
  register: (server: () => EngineServer) => void,
  options: EngineOptions = { durable: false },
): void {
  if (isSkipped(engine)) return;
  let server: EngineServer | undefined;
  Deno.test.beforeAll(async () => {
    server = await engine.start(options);
  });
  Deno.test.afterAll(async () => await server?.[Symbol.asyncDispose]());
  register(() => {
    assert(server, `${engine.name} has not been started: ask within a test`);
    return server;
  });
}

const told = new Set<string>();

/** Whether tests of an engine are left out here. In CI everything is tested, and fails if it cannot be. */
function isSkipped({ name, isInstalled }: EngineKind): boolean {
  const skipped = !isInstalled && Deno.env.get("CI") !== "true";
  if (skipped && !told.has(name)) {
    told.add(name);
    console.warn(`SKIPPED: all tests with ${name}. It is not installed.`);
  }
  return skipped;
}
