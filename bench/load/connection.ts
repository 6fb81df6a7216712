import { FrameReader, FrameWriter } from "./frames.ts";
import { receive, transmit } from "./libc.ts";

/** Room in front of what is read, for what of the bytes before belongs to it. */
const HEADROOM = 512;
/** One buffer for all connections: it stays in the processor's cache. */
const BUFFER = new Uint8Array(HEADROOM + 256 * 1024);
const ROOM = BUFFER.subarray(HEADROOM);
const WRITER = new FrameWriter();
/** Those for which the system had no room. */
const BLOCKED = new Set<Connection>();

/** Sends what waits, and tells whether something still does. */
export function flush(): boolean {
  for (const connection of BLOCKED) connection.flush();
  return BLOCKED.size > 0;
}

/** Is told what came, without pings and their like: `bytes` from `from` to `to`, with some room in front. */
export type Hearing = (bytes: Uint8Array<ArrayBuffer>, from: number, to: number) => void;

/** How a {@linkcode Connection} is wired. */
export interface ConnectionOptions {
  readonly fd: number;
  readonly keepalive?: { readonly asked: string; readonly answer: string };
  readonly hear: Hearing;
}

/** A WebSocket over a socket of the system's: sends texts, and hears bytes. */
export class Connection {
  readonly fd: number;
  /** Hears what comes. */
  hear: Hearing;
  /** How many bytes came. */
  received = 0;
  readonly #reader: FrameReader;
  /** What the system had no room for. */
  #unsent: Uint8Array<ArrayBuffer> | undefined;
  #upgraded = false;
  #head = "";

  constructor({ fd, keepalive, hear }: ConnectionOptions) {
    this.fd = fd;
    this.hear = hear;
    this.#reader = new FrameReader({
      onPing: (payload) => this.#answer((writer) => writer.pong(payload)),
      onKeepalive: () => this.#answer((writer) => writer.text(keepalive!.answer)),
      onClose: (code) => {
        throw new Error(`The server closed a connection with code ${code}`);
      },
    }, keepalive && new TextEncoder().encode(keepalive.asked));
  }

  /** Whether all that was heard was whole frames. */
  get atBorder(): boolean {
    return this.#reader.atBorder;
  }

  /** Asks for a WebSocket. */
  upgrade(path: string, subprotocol?: string): void {
    const lines = [
      `GET ${path} HTTP/1.1`,
      "host: 127.0.0.1",
      "connection: Upgrade",
      "upgrade: websocket",
      "sec-websocket-version: 13",
      "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
      ...(subprotocol ? [`sec-websocket-protocol: ${subprotocol}`] : []),
    ];
    this.#transmit(new TextEncoder().encode(lines.join("\r\n") + "\r\n\r\n"));
  }

  /** Sends text frames. */
  send(texts: readonly string[]): void {
    for (const text of texts) WRITER.text(text);
    this.#transmit(WRITER.take());
  }

  /** Sends what waits. */
  flush(): void {
    const unsent = this.#unsent;
    this.#unsent = undefined;
    BLOCKED.delete(this);
    if (unsent) this.#transmit(unsent);
  }

  /** Reads what there is. */
  read(): void {
    const got = receive(this.fd, ROOM);
    if (got < 0) throw new Error("The server broke a connection");
    if (got === 0) return;
    this.received += got;
    let from = HEADROOM;
    if (!this.#upgraded) {
      from = this.#readHead(HEADROOM + got);
      if (!this.#upgraded) return;
    }
    this.#walk(from, HEADROOM + got);
  }

  /** Reads all that there is, and tells whether the server has ended it. */
  hasEnded(): boolean {
    try {
      for (let before = -1; before < this.received;) {
        before = this.received;
        this.read();
      }
      return false;
    } catch {
      return true;
    }
  }

  #walk(from: number, to: number): void {
    const begin = from - this.#reader.heldBytes;
    const end = this.#reader.walk(BUFFER, from, to);
    this.hear(BUFFER, begin, end);
  }

  #readHead(to: number): number {
    const before = this.#head.length;
    this.#head += new TextDecoder("latin1").decode(BUFFER.subarray(HEADROOM, to));
    const end = this.#head.indexOf("\r\n\r\n");
    if (end < 0) return to;
    if (!/^HTTP\/1.1 101 /.test(this.#head)) {
      throw new Error(`The server refused a connection: ${this.#head.split("\r\n")[0]}`);
    }
    this.#upgraded = true;
    this.#head = "";
    return HEADROOM + end + 4 - before;
  }

  #answer(write: (writer: FrameWriter) => void): void {
    write(WRITER);
    this.#transmit(WRITER.take());
  }

  #transmit(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#unsent) {
      const joined = new Uint8Array(this.#unsent.length + bytes.length);
      joined.set(this.#unsent);
      joined.set(bytes, this.#unsent.length);
      this.#unsent = joined;
      return;
    }
    const sent = transmit(this.fd, bytes);
    if (sent < 0) throw new Error("The server broke a connection");
    if (sent === bytes.length) return;
    this.#unsent = bytes.slice(sent);
    BLOCKED.add(this);
  }
}
