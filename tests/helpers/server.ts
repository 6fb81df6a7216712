import { assertEquals } from "@std/assert";
import { type App, createApp } from "../../lib/app.ts";
import { type Config, readConfig } from "../../lib/config.ts";

/** An instance that answers on a free port of this machine, for as long as a test runs. */
export interface TestServer extends AsyncDisposable {
  readonly app: App;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** `ws://127.0.0.1:PORT/ws` */
  readonly ws: string;
}

/** The settings of a test: those of DESIGN.md but for a store in memory, a quiet log and what is given. */
export function testConfig(settings: Readonly<Record<string, string>> = {}): Config {
  const env: Record<string, string> = {
    HOST: "127.0.0.1",
    PORT: "0",
    PARLEY_STORE: "memory:",
    PARLEY_LOG: "error",
    ...settings,
  };
  return readConfig((name) => env[name], { cpus: 1 });
}

/** Starts an instance in this isolate. It fails the test at its end if it has logged a failure. */
export async function startServer(
  settings: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  const config = testConfig(settings);
  const failures: string[] = [];
  const app = await withConsoleError((line) => failures.push(line), () => createApp(config));
  const server = Deno.serve({ port: 0, hostname: config.host, onListen: () => {} }, app.fetch);
  const host = `127.0.0.1:${server.addr.port}`;
  return {
    app,
    url: `http://${host}`,
    ws: `ws://${host}/ws`,
    async [Symbol.asyncDispose]() {
      const stopped = server.shutdown();
      await app.close();
      await stopped;
      assertEquals(failures, []);
    },
  };
}

/** Lets a logger that is made meanwhile write its errors elsewhere. */
async function withConsoleError<T>(
  write: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const { error } = console;
  console.error = write;
  try {
    return await work();
  } finally {
    console.error = error;
  }
}
