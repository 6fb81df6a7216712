import type { Received } from "./client.ts";

/** One event of a stream (HTML, 9.2.6). */
export interface Streamed {
  readonly id: string;
  readonly events: readonly Received[];
}

/** Reads server-sent events, one after the other. */
export class EventReader implements AsyncDisposable {
  /** What the server last asked to wait for before coming back, in milliseconds. */
  retryMs: number | undefined;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  /** `response` carries the stream. */
  constructor(readonly response: Response) {
    this.#reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Opens the events of a room. */
  static async open(
    url: string,
    token: string,
    { room = "general", lastId }: { readonly room?: string; readonly lastId?: string } = {},
  ): Promise<EventReader> {
    const headers = new Headers({ authorization: `Bearer ${token}` });
    if (lastId !== undefined) headers.set("last-event-id", lastId);
    return new EventReader(await fetch(`${url}/api/rooms/${room}/events`, { headers }));
  }

  /** The next event, or `undefined` at the end. */
  async next(): Promise<Streamed | undefined> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end === -1) {
        const { value, done } = await this.#reader.read();
        if (done) return undefined;
        this.#text += value;
        continue;
      }
      const lines = this.#text.slice(0, end).split("\n");
      this.#text = this.#text.slice(end + 2);
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const retry = field("retry");
      if (retry !== undefined) this.retryMs = Number(retry);
      const data = field("data");
      if (data !== undefined) return { id: field("id")!, events: [JSON.parse(data)].flat() };
    }
  }

  /** The next event of a type, with the id of what brought it. */
  async until(type: string): Promise<Received> {
    for (;;) {
      const streamed = await this.next();
      if (!streamed) throw new Error(`The stream ended without "${type}"`);
      const event = streamed.events.find((event) => event.type === type);
      if (event) return { ...event, streamId: streamed.id };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel().catch(() => {});
  }
}
