import { assertEquals } from "@std/assert";
import type { Event, JoinedEvent, WelcomeEvent } from "../../lib/wire/protocol.ts";
import { SUBPROTOCOL, TOKEN_SUBPROTOCOL } from "../../lib/wire/protocol.ts";

/** How long a test waits for what should come, in milliseconds. */
const PATIENCE_MS = 5_000;

/** An event as it came, of either mode. */
// deno-lint-ignore no-explicit-any
export type Received = any;

/** How a client signs in. */
export interface ClientOptions {
  readonly username?: string;
  /** Comes as a second subprotocol. */
  readonly token?: string;
  /** More headers of the handshake. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client over a real socket that keeps every event until it is asked for. */
export class Client implements AsyncDisposable {
  readonly socket: WebSocket;
  /** Every event that came, in order. */
  readonly events: Received[] = [];
  /** How the socket was closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
  #taken = 0;
  #wake = Promise.withResolvers<void>();

  constructor(url: string, protocols: string[] = [], headers: ClientOptions["headers"] = {}) {
    this.socket = new WebSocket(url, { protocols, headers });
    const closed = Promise.withResolvers<{ code: number; reason: string }>();
    this.closed = closed.promise;
    this.socket.onmessage = ({ data }) => {
      const value = JSON.parse(data);
      this.events.push(...(Array.isArray(value) ? value : [value]));
      this.#stir();
    };
    this.socket.onclose = ({ code, reason }) => {
      closed.resolve({ code, reason });
      this.#stir();
    };
    this.socket.onerror = (event) => event.preventDefault();
  }

  /** Opens a `parley.v1` connection. */
  static v1(ws: string, { username, token, headers }: ClientOptions): Client {
    const url = new URL(ws);
    if (username !== undefined) url.searchParams.set("username", username);
    const protocols = [SUBPROTOCOL as string];
    if (token !== undefined) protocols.push(TOKEN_SUBPROTOCOL + token);
    return new Client(url.href, protocols, headers);
  }

  /** Opens a `parley.v1` connection and waits for its welcome. */
  static async welcomed(
    ws: string,
    options: ClientOptions,
  ): Promise<Client & { me: WelcomeEvent }> {
    const client = Client.v1(ws, options);
    const me: WelcomeEvent = await client.next("welcome");
    return Object.assign(client, { me });
  }

  /** Opens a `parley.v1` connection under a name, and joins a room. */
  static async joined(
    ws: string,
    username: string,
    room = "general",
  ): Promise<Client & { me: WelcomeEvent }> {
    const client = await Client.welcomed(ws, { username });
    await client.join(room);
    return client;
  }

  /** Opens a plain connection; `query` is what stands behind `?`. */
  static plain(
    ws: string,
    query: Readonly<Record<string, string>>,
    headers?: ClientOptions["headers"],
  ): Client {
    return new Client(`${ws}?${new URLSearchParams(query)}`, [], headers);
  }

  /** Opens a plain connection and waits until it is told of its own coming. */
  static async plainJoined(ws: string, query: Readonly<Record<string, string>>): Promise<Client> {
    const client = Client.plain(ws, query);
    await client.next("user_joined", (event) => event.username === query.username);
    return client;
  }

  /** Sends a command, or several as one frame. */
  send(command: unknown): void {
    this.socket.send(JSON.stringify(command));
  }

  /** Joins a room and waits for the answer. */
  async join(room = "general", more: Record<string, unknown> = {}): Promise<JoinedEvent> {
    this.send({ type: "join", room, ...more });
    return await this.next("joined", (event) => event.room === room);
  }

  /** Joins a room and waits until nobody else is there. */
  async joinAlone(room: string): Promise<void> {
    const { count } = await this.join(room);
    const left = () => this.all("user_left").filter((event) => event.room === room).length;
    await this.until(() => count - left() === 1, `being alone in "${room}"`);
  }

  /** Says something and waits for the acknowledgement. */
  async say(text: string, room = "general"): Promise<Received> {
    const ref = crypto.randomUUID();
    this.send({ type: "send", room, text, ref });
    return await this.next("ack", (event) => event.ref === ref);
  }

  /** The next event of a type that was not taken yet; what comes before it is passed over. Fails after 5 s. */
  async next(
    type: Event["type"],
    fits: (event: Received) => boolean = () => true,
  ): Promise<Received> {
    const late = Date.now() + PATIENCE_MS;
    for (;;) {
      while (this.#taken < this.events.length) {
        const event = this.events[this.#taken++];
        if (event.type === type && fits(event)) return event;
      }
      await this.#stirred(late, `no "${type}" came`);
    }
  }

  /** Waits until something holds for all that came. Fails after 5 s. */
  async until(holds: (events: readonly Received[]) => boolean, what = "it"): Promise<void> {
    const late = Date.now() + PATIENCE_MS;
    while (!holds(this.events)) await this.#stirred(late, `${what} did not come to pass`);
  }

  /** The events of a type that came so far. */
  all(type: Event["type"]): Received[] {
    return this.events.filter((event) => event.type === type);
  }

  /** Lets go of all that came so far. */
  forget(): void {
    this.events.length = this.#taken = 0;
  }

  /** Asks for a pong, so that all that the server sent before it has come. */
  async settle(): Promise<void> {
    const ref = crypto.randomUUID();
    this.send({ type: "ping", ref });
    await this.next("pong", (event) => event.ref === ref);
  }

  /** Closes the socket and waits until it is closed. */
  async close(code = 1000): Promise<void> {
    if (this.socket.readyState < WebSocket.CLOSING) this.socket.close(code);
    await this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #stir(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async #stirred(late: number, complaint: string): Promise<void> {
    const timeout = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const tail = this.events.slice(-5).map((event) => JSON.stringify(event)).join("\n");
      timeout.reject(
        new Error(`${complaint} in ${PATIENCE_MS} ms; the last events were:\n${tail}`),
      );
    }, Math.max(0, late - Date.now()));
    try {
      await Promise.race([this.#wake.promise, timeout.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Fails unless a socket is closed with a code. */
export async function assertClosed(client: Client, code: number): Promise<void> {
  await client.until(() => client.socket.readyState === WebSocket.CLOSED, "the close");
  assertEquals((await client.closed).code, code);
}
