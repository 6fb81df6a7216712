import { runTool } from "./engine_process.ts";
import type { EngineServer } from "./engine_server.ts";
import type { RemoteHost } from "./remote_host.ts";

/**
 * A host of its own within this machine: a network namespace with two lines to it, one by which clients come and one by
 * which it reaches its engine.
 */
export class NetworkHost implements RemoteHost {
  readonly address: string;
  /** The address by which it reaches this machine, over the line that can be cut. */
  readonly #engineAddress: string;
  readonly #name: string;

  private constructor(id: number) {
    this.#name = `parley${id}`;
    this.address = `10.${subnet(id)}.2`;
    this.#engineAddress = `10.${subnet(id)}.5`;
  }

  /** Makes one. Rejects where namespaces cannot be made. */
  static async start(): Promise<NetworkHost> {
    const id = crypto.getRandomValues(new Uint16Array(1))[0]!;
    const host = new NetworkHost(id);
    const name = host.#name;
    const net = `10.${subnet(id)}`;
    await ip("netns", "add", name);
    try {
      await host.#connect("f", `${net}.1/30`, `${net}.2/30`);
      await host.#connect("e", `${net}.5/30`, `${net}.6/30`);
      await ip("-n", name, "link", "set", "lo", "up");
      return host;
    } catch (error) {
      await host[Symbol.asyncDispose]();
      throw error;
    }
  }

  get before(): string[] {
    return ["ip", "netns", "exec", this.#name];
  }

  url(engine: EngineServer): string {
    return engine.url().replace(new URL(engine.url()).hostname, this.#engineAddress);
  }

  async cut(): Promise<void> {
    await ip("link", "set", this.#end("e"), "down");
  }

  async mend(): Promise<void> {
    await ip("link", "set", this.#end("e"), "up");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await ip("netns", "del", this.#name);
  }

  #end(line: "f" | "e"): string {
    return `${this.#name}${line}`;
  }

  async #connect(line: "f" | "e", here: string, there: string): Promise<void> {
    const [near, far] = [this.#end(line), `${line}0`];
    const name = this.#name;
    await ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", name);
    await ip("addr", "add", here, "dev", near);
    await ip("link", "set", near, "up");
    await ip("-n", name, "addr", "add", there, "dev", far);
    await ip("-n", name, "link", "set", far, "up");
  }
}

/** Two bytes of a private network that nothing here uses. */
function subnet(id: number): string {
  return `${200 + id % 50}.${(id >> 8) % 256}`;
}

function ip(...words: string[]): Promise<string> {
  return runTool(["ip", ...words]);
}
