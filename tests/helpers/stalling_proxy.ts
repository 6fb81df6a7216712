import { delay } from "./delay.ts";

/** Stands between an instance and its engine, and passes nothing on while it is stalled: as a line that is cut. */
export class StallingProxy implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #open = new Set<Deno.TcpConn>();
  readonly #engine: Deno.ConnectOptions;
  readonly #work: Promise<void>;
  #stalled = false;
  #closed = false;

  /** Leads to a port of this machine. */
  constructor(port: number) {
    this.#engine = { hostname: "127.0.0.1", port };
    this.#work = this.#accept();
  }

  /** Where it listens. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** From now on nothing comes through, and nobody is told. */
  stall(): void {
    this.#stalled = true;
  }

  /** Lets through what waits, and what comes. */
  resume(): void {
    this.#stalled = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#listener.close();
    for (const connection of this.#open) close(connection);
    await this.#work;
  }

  async #accept(): Promise<void> {
    const passing = new Set<Promise<void>>();
    try {
      for await (const instance of this.#listener) {
        const passed = this.#pass(instance).finally(() => passing.delete(passed));
        passing.add(passed);
      }
    } catch (error) {
      if (!this.#closed) throw error;
    }
    await Promise.all(passing);
  }

  async #pass(instance: Deno.TcpConn): Promise<void> {
    this.#open.add(instance);
    try {
      await this.#flow();
      const engine = await Deno.connect(this.#engine);
      this.#open.add(engine);
      try {
        await Promise.all([this.#copy(instance, engine), this.#copy(engine, instance)]);
      } finally {
        this.#open.delete(engine);
        close(engine);
      }
    } catch {
      // One of them broke, and the other has to hear of it.
    }
    this.#open.delete(instance);
    close(instance);
  }

  async #copy(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(65_536);
    for (let read = await from.read(buffer); read !== null; read = await from.read(buffer)) {
      await this.#flow();
      for (let written = 0; written < read;) {
        written += await to.write(buffer.subarray(written, read));
      }
    }
    await this.#flow();
    await to.closeWrite();
  }

  async #flow(): Promise<void> {
    while (this.#stalled && !this.#closed) await delay(20);
  }
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It is closed.
  }
}
