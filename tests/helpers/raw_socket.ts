import { SUBPROTOCOL } from "../../lib/wire/protocol.ts";
import type { Received } from "./client.ts";

/** The kinds of frames (RFC 6455, 5.2). */
export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A frame of the server's. */
export interface Frame {
  readonly opcode: number;
  readonly payload: Uint8Array<ArrayBuffer>;
}

/** Headers of a handshake; `null` leaves out one that stands there otherwise. */
export type HandshakeHeaders = Readonly<Record<string, string | null>>;

const HANDSHAKE: HandshakeHeaders = {
  "connection": "Upgrade",
  "upgrade": "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A WebSocket client over bare TCP: sends any bytes, reads only when it is told to, and answers no ping by itself. */
export class RawSocket implements Disposable {
  /** The status and the headers with which the handshake was answered. */
  status = 0;
  headers: Headers = new Headers();
  readonly #tcp: Deno.TcpConn;
  #unread = new Uint8Array();
  #open = true;

  private constructor(tcp: Deno.TcpConn) {
    this.#tcp = tcp;
  }

  /** Asks for a WebSocket; what came of it stands in {@linkcode RawSocket.status}. */
  static async open(ws: string, headers: HandshakeHeaders = {}): Promise<RawSocket> {
    const socket = await RawSocket.#ask(ws, headers);
    await socket.#readHead();
    return socket;
  }

  /** Asks for a WebSocket, and is gone some milliseconds later without having listened. */
  static async knock(ws: string, ms: number): Promise<void> {
    using _ = await RawSocket.#ask(ws, {});
    await new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** Opens a `parley.v1` connection under a name. */
  static v1(ws: string, username: string): Promise<RawSocket> {
    return RawSocket.open(`${ws}?username=${username}`, { "sec-websocket-protocol": SUBPROTOCOL });
  }

  /** Sends bytes as they are. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let sent = 0; sent < bytes.length;) sent += await this.#tcp.write(bytes.subarray(sent));
  }

  /** Sends a frame. */
  async send(opcode: number, payload: string | Uint8Array): Promise<void> {
    await this.write(encodeFrame(opcode, payload));
  }

  /** Sends commands as one text frame. */
  async command(...commands: unknown[]): Promise<void> {
    await this.send(OPCODE.text, JSON.stringify(commands));
  }

  /** The next frame; `undefined` when the server has ended the connection. */
  async read(): Promise<Frame | undefined> {
    const head = await this.#take(2);
    if (!head) return undefined;
    const [opcode, size] = [head[0]! & 0x0f, head[1]!];
    const more = await this.#take(size === 127 ? 8 : size === 126 ? 2 : 0);
    const length = more?.reduce((sum, byte) => sum * 256 + byte, 0) || size;
    const payload = await this.#take(length);
    return payload && { opcode, payload };
  }

  /** The next event of a type, of either mode; what comes before it is passed over. */
  async next(
    type: string,
    fits: (event: Received) => boolean = () => true,
  ): Promise<Received> {
    for (let frame; (frame = await this.read());) {
      if (frame.opcode !== OPCODE.text) continue;
      const event = [JSON.parse(decoder.decode(frame.payload))].flat()
        .find((event) => event.type === type && fits(event));
      if (event) return event;
    }
    throw new Error(`The connection ended before a "${type}" came`);
  }

  /** The code with which the server closes the socket; `undefined` if it ends without one. */
  async closeCode(): Promise<number | undefined> {
    for (let frame; (frame = await this.read());) {
      const [high = 0, low = 0] = frame.payload;
      if (frame.opcode === OPCODE.close) return high * 256 + low;
    }
  }

  /** Ends the TCP connection without a word. */
  [Symbol.dispose](): void {
    if (this.#open) this.#tcp.close();
    this.#open = false;
  }

  static async #ask(ws: string, headers: HandshakeHeaders): Promise<RawSocket> {
    const { host, hostname, port, pathname, search } = new URL(ws);
    const socket = new RawSocket(await Deno.connect({ hostname, port: Number(port) }));
    const lines = Object.entries({ host, ...HANDSHAKE, ...headers })
      .map(([name, value]) => value === null ? "" : `${name}: ${value}\r\n`);
    const head = `GET ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n`;
    await socket.write(encoder.encode(head));
    return socket;
  }

  async #readHead(): Promise<void> {
    let head = "";
    while (!head.endsWith("\r\n\r\n")) head += decoder.decode(await this.#take(1));
    const [first, ...lines] = head.trimEnd().split("\r\n");
    this.status = Number(first!.split(" ")[1]);
    this.headers = new Headers(lines.map((line) => line.split(": ", 2) as [string, string]));
  }

  async #take(length: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const chunk = new Uint8Array(64 * 1024);
    while (this.#unread.length < length) {
      const read = await this.#tcp.read(chunk);
      if (read === null) return undefined;
      this.#unread = concat(this.#unread, chunk.subarray(0, read));
    }
    const taken = this.#unread.subarray(0, length);
    this.#unread = this.#unread.subarray(length);
    return taken;
  }
}

/** A frame as a client sends it. Its mask is a key of zeros, which leaves the payload as it is. */
export function encodeFrame(opcode: number, payload: string | Uint8Array): Uint8Array {
  const bytes = typeof payload === "string" ? encoder.encode(payload) : payload;
  const { length } = bytes;
  const size = length < 126
    ? [length]
    : length < 65_536
    ? [126, length >> 8, length & 0xff]
    : [127, 0, 0, 0, 0, length >> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff];
  const masked = [0x80 | size[0]!, ...size.slice(1), 0, 0, 0, 0];
  return concat(new Uint8Array([0x80 | opcode, ...masked]), bytes);
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
