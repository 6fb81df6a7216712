import { EngineProcess, runTool } from "./engine_process.ts";
import type { EngineKind, EngineOptions, EngineServer } from "./engine_server.ts";
import { freePort } from "./free_port.ts";

/** Whom the server of a test runs as: PostgreSQL refuses root. */
const SYSTEM_USER = "postgres";
const USER = "parley";
/** Has what an address must encode. */
const PASSWORD = "pass/word@1:";

const BIN = findBin();

/** A PostgreSQL server of a test's own. */
export class PostgresServer implements EngineServer {
  readonly port: number = freePort();
  readonly #folder: string = Deno.makeTempDirSync({ prefix: "parley-postgres-" });
  readonly #options: EngineOptions;
  #process: EngineProcess | undefined;
  #databases = 0;

  private constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** Makes a cluster and starts it. */
  static async start(options: EngineOptions = {}): Promise<PostgresServer> {
    const server = new PostgresServer(options);
    try {
      await server.#create();
      await server.restart();
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return server;
  }

  url(database = "postgres"): string {
    const { host = "127.0.0.1", password } = this.#options;
    const user = password ? `${USER}:${encodeURIComponent(PASSWORD)}` : USER;
    return `postgres://${user}@${host}:${this.port}/${database}`;
  }

  async createDatabase(): Promise<string> {
    const name = `test_${++this.#databases}`;
    await this.query(`CREATE DATABASE ${name}`);
    return name;
  }

  /** Runs a statement as the owner of the cluster; answers its rows as text, columns parted by "|". */
  query(statement: string, database = "postgres"): Promise<string> {
    const { host = "127.0.0.1" } = this.#options;
    const args = ["-h", host, "-p", String(this.port), "-U", USER, "-d", database];
    return runTool([`${BIN}/psql`, "-XAtq", "-v", "ON_ERROR_STOP=1", ...args, "-c", statement], {
      env: { PGPASSWORD: PASSWORD, PGCONNECT_TIMEOUT: "5" },
    });
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
    const { durable = true, host = "127.0.0.1" } = this.#options;
    const settings = {
      port: this.port,
      listen_addresses: host,
      unix_socket_directories: "",
      fsync: durable ? "on" : "off",
      synchronous_commit: durable ? "on" : "off",
      shared_buffers: "32MB",
      max_connections: 200,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const command = [`${BIN}/postgres`, "-D", `${this.#folder}/data`, ...args];
    this.#process = new EngineProcess(command, { user: SYSTEM_USER });
    await this.#process.until(() => this.query("SELECT 1").then(() => true, () => false));
  }

  async cut(): Promise<void> {
    await this.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #create(): Promise<void> {
    const { host, password } = this.#options;
    const auth = password ? "scram-sha-256" : "trust";
    if (Deno.uid() === 0) await runTool(["chown", `${SYSTEM_USER}:`, this.#folder]);
    const passwordFile = `${this.#folder}/password`;
    await Deno.writeTextFile(passwordFile, `${PASSWORD}\n`);
    const data = `${this.#folder}/data`;
    const args = ["-D", data, "-U", USER, `--auth=${auth}`, `--pwfile=${passwordFile}`];
    const more = ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"];
    await runTool([`${BIN}/initdb`, ...args, ...more], { user: SYSTEM_USER });
    if (host === undefined) return;
    const rule = `host all all 0.0.0.0/0 ${auth}\n`;
    await Deno.writeTextFile(`${data}/pg_hba.conf`, rule, { append: true });
  }
}

/** PostgreSQL, from the packages of Debian. */
export const POSTGRES: EngineKind = {
  name: "PostgreSQL",
  isInstalled: BIN !== undefined,
  start: (options) => PostgresServer.start(options),
};

/** The folder of the newest release that is installed. */
function findBin(): string | undefined {
  try {
    const releases = [...Deno.readDirSync("/usr/lib/postgresql")].map(({ name }) => Number(name));
    return `/usr/lib/postgresql/${Math.max(...releases)}/bin`;
  } catch {
    return undefined;
  }
}
