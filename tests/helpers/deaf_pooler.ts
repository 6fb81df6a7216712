/** The message of PostgreSQL's protocol that carries a notification, and the bytes of a message's kind and length. */
const NOTIFICATION = "A".charCodeAt(0);
const HEADER_BYTES = 5;

/** Stands before a PostgreSQL server as a pooler of transactions does: what the server tells by itself reaches nobody. */
export class DeafPooler implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #passing: Promise<void>[] = [];
  readonly #accepting: Promise<void>;

  /** Leads to a port of this machine. */
  constructor(port: number) {
    this.#accepting = this.#accept(port);
  }

  /** Where it listens. */
  get port(): number {
    return this.#listener.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#accepting;
    await Promise.all(this.#passing);
  }

  async #accept(port: number): Promise<void> {
    for await (const client of this.#listener) {
      const server = await Deno.connect({ hostname: "127.0.0.1", port });
      const answers = server.readable.pipeThrough(new TransformStream(withoutNotifications()));
      const ways = [client.readable.pipeTo(server.writable), answers.pipeTo(client.writable)];
      // Either may end by being cut.
      this.#passing.push(...ways.map((way) => way.catch(() => {})));
    }
  }
}

function withoutNotifications(): Transformer<Uint8Array, Uint8Array> {
  let rest = new Uint8Array();
  return {
    transform(chunk, controller) {
      const bytes = new Uint8Array([...rest, ...chunk]);
      let at = 0;
      while (at + HEADER_BYTES <= bytes.length) {
        const end = at + 1 + new DataView(bytes.buffer).getUint32(at + 1);
        if (end > bytes.length) break;
        if (bytes[at] !== NOTIFICATION) controller.enqueue(bytes.slice(at, end));
        at = end;
      }
      rest = bytes.slice(at);
    },
  };
}
