import { EngineProcess, runTool } from "./engine_process.ts";
import type { EngineKind, EngineOptions, EngineServer } from "./engine_server.ts";
import { freePort } from "./free_port.ts";

/** Has what an address must encode. */
const PASSWORD = "pass/word@1:";

/** A Redis server of a test's own. */
export class RedisServer implements EngineServer {
  readonly port: number = freePort();
  readonly #folder: string = Deno.makeTempDirSync({ prefix: "parley-redis-" });
  readonly #options: EngineOptions;
  #process: EngineProcess | undefined;
  #databases = 0;

  private constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** Starts an empty one. */
  static async start(options: EngineOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(options);
    try {
      await server.restart();
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return server;
  }

  url(database = "0"): string {
    const { host = "127.0.0.1", password } = this.#options;
    const user = password ? `default:${encodeURIComponent(PASSWORD)}@` : "";
    return `redis://${user}${host}:${this.port}/${database}`;
  }

  createDatabase(): Promise<string> {
    return Promise.resolve(String(++this.#databases));
  }

  /** Runs a command; answers what it says as text. Throws if it says that the command failed. */
  async query(command: readonly string[], database = "0"): Promise<string> {
    const { host = "127.0.0.1", password } = this.#options;
    const args = ["-h", host, "-p", String(this.port), "-n", database, "-e", ...command];
    const env: Record<string, string> = password ? { REDISCLI_AUTH: PASSWORD } : {};
    return (await runTool(["redis-cli", ...args], { env })).trimEnd();
  }

  freeze(): void {
    this.#process?.signal("SIGSTOP");
  }

  thaw(): void {
    this.#process?.signal("SIGCONT");
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  async restart(): Promise<void> {
    await this.kill();
    const { durable = true, host = "127.0.0.1", password } = this.#options;
    const settings = {
      port: String(this.port),
      bind: host,
      "protected-mode": "no",
      dir: this.#folder,
      save: "",
      databases: "1000",
      appendonly: durable ? "yes" : "no",
      appendfsync: "always",
      ...(password && { requirepass: PASSWORD }),
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    this.#process = new EngineProcess(["redis-server", ...args]);
    const answers = () => this.query(["PING"]).then((answer) => answer === "PONG", () => false);
    await this.#process.until(answers);
  }

  async cut(): Promise<void> {
    // `CLIENT KILL` leaves out the one who asks.
    for (const type of ["normal", "pubsub"]) await this.query(["CLIENT", "KILL", "TYPE", type]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Redis, from the packages of Debian. */
export const REDIS: EngineKind = {
  name: "Redis",
  isInstalled: isInstalled(),
  start: (options) => RedisServer.start(options),
};

function isInstalled(): boolean {
  return ["/usr/bin", "/usr/local/bin"].some((folder) => {
    try {
      return Deno.statSync(`${folder}/redis-server`).isFile;
    } catch {
      return false;
    }
  });
}
