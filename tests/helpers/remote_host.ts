import type { EngineServer } from "./engine_server.ts";
import { NetworkHost } from "./network_host.ts";
import { StallingProxy } from "./stalling_proxy.ts";

/** Where an instance runs whose line to its engine can be cut, while its clients reach it. */
export interface RemoteHost extends AsyncDisposable {
  /** The address by which clients reach it. */
  readonly address: string;
  /** What stands before a command that is to be run there. */
  readonly before: readonly string[];
  /** How it reaches an engine that listens on all addresses of this machine. */
  url(engine: EngineServer): string;
  /** Cuts the line to the engine: what is sent is lost without a word, in both directions. */
  cut(): Promise<void>;
  /** Mends the line. */
  mend(): Promise<void>;
}

/** A network namespace; where those cannot be made, this machine with a proxy before the engine that can be stalled. */
export async function openHost(engine: EngineServer): Promise<RemoteHost> {
  try {
    return await NetworkHost.start();
  } catch (error) {
    console.warn(`A proxy that stalls stands in for network namespaces: ${error}`);
    return new ProxiedHost(engine);
  }
}

/** This machine, from which an engine is reached through a proxy. */
export class ProxiedHost implements RemoteHost {
  readonly address = "127.0.0.1";
  readonly before: readonly string[] = [];
  readonly #proxy: StallingProxy;

  constructor(engine: EngineServer) {
    this.#proxy = new StallingProxy(engine.port);
  }

  url(engine: EngineServer): string {
    const url = new URL(engine.url());
    return engine.url().replace(url.host, `127.0.0.1:${this.#proxy.port}`);
  }

  cut(): Promise<void> {
    return Promise.resolve(this.#proxy.stall());
  }

  mend(): Promise<void> {
    return Promise.resolve(this.#proxy.resume());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#proxy[Symbol.asyncDispose]();
  }
}
