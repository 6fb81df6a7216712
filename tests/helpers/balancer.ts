import { assert } from "@std/assert";
import { delay } from "./delay.ts";

/** How often each instance is asked whether it is ready, in milliseconds. */
const ASK_MS = 100;
/** How long an instance may take to say so, in milliseconds. */
const ANSWER_MS = 500;
/** How long the instances may take to be as ready as a test needs them, in milliseconds. */
const PATIENCE_MS = 15_000;

interface Instance {
  readonly url: string;
  ready: boolean;
}

/**
 * A balancer as stands before instances: deals connections out one after the other, wherever their client was before.
 *
 * It leaves out instances that do not accept a connection, and those that say that they are not ready.
 */
export class Balancer implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #instances: readonly Instance[];
  readonly #work: Promise<unknown>;
  readonly #open = new Set<Deno.TcpConn>();
  #next = 0;
  #closed = false;
  #isUp = false;
  #up = Promise.withResolvers<void>();

  /** `urls` say where the instances are, or will be. */
  constructor(urls: readonly string[]) {
    this.#instances = urls.map((url) => ({ url, ready: false }));
    this.#work = Promise.all([this.#accept(), ...this.#instances.map((one) => this.#watch(one))]);
  }

  /** `http://127.0.0.1:PORT` */
  get url(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  /** `ws://127.0.0.1:PORT/ws` */
  get ws(): string {
    return `${this.url.replace("http", "ws")}/ws`;
  }

  /** Resolves when an instance is ready: at once, or when the next one is. */
  get up(): Promise<void> {
    return this.#up.promise;
  }

  /** Waits until it knows that as many instances are ready, and fails if that takes too long. */
  async knows(ready: number): Promise<void> {
    const late = performance.now() + PATIENCE_MS;
    const count = () => this.#instances.filter((one) => one.ready).length;
    while (count() !== ready) {
      assert(performance.now() < late, `${count()} instances are ready, not ${ready}`);
      await delay(10);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#listener.close();
    for (const connection of this.#open) close(connection);
    await this.#work;
  }

  async #watch(instance: Instance): Promise<void> {
    while (!this.#closed) {
      instance.ready = await isReady(instance.url);
      this.#note();
      await delay(ASK_MS);
    }
  }

  #note(): void {
    const wasUp = this.#isUp;
    this.#isUp = this.#instances.some(({ ready }) => ready);
    if (this.#isUp) this.#up.resolve();
    // Whoever waits already waits for the next one.
    else if (wasUp) this.#up = Promise.withResolvers();
  }

  async #accept(): Promise<void> {
    const passing = new Set<Promise<void>>();
    try {
      for await (const client of this.#listener) {
        const passed = this.#pass(client).finally(() => passing.delete(passed));
        passing.add(passed);
      }
    } catch (error) {
      if (!this.#closed) throw error;
    }
    await Promise.all(passing);
  }

  async #pass(client: Deno.TcpConn): Promise<void> {
    this.#open.add(client);
    const instance = await this.#connect();
    if (instance) {
      this.#open.add(instance);
      try {
        await Promise.all([copy(client, instance), copy(instance, client)]);
      } catch {
        // One of them broke, and the other has to hear of it.
      }
      this.#open.delete(instance);
      close(instance);
    }
    this.#open.delete(client);
    close(client);
  }

  async #connect(): Promise<Deno.TcpConn | undefined> {
    for (let tries = 0; tries < this.#instances.length; tries++) {
      const instance = this.#instances[this.#next++ % this.#instances.length]!;
      if (!instance.ready) continue;
      try {
        const { hostname, port } = new URL(instance.url);
        return await Deno.connect({ hostname, port: Number(port) });
      } catch {
        instance.ready = false;
        this.#note();
      }
    }
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    // A connection of its own each time: one that is kept may be that of an instance before.
    const headers = { connection: "close" };
    const signal = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch(`${url}/readyz`, { signal, headers });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function copy(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(65_536);
  for (let read = await from.read(buffer); read !== null; read = await from.read(buffer)) {
    for (let written = 0; written < read;) {
      written += await to.write(buffer.subarray(written, read));
    }
  }
  await to.closeWrite();
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It is closed.
  }
}
