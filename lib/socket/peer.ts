import { CLOSE } from "../wire/codes.ts";

/** A frame of more than this closes the socket with 1009, in bytes. */
export const MAX_FRAME_BYTES = 1024 * 1024;
/** More bytes than this waiting for the peer, and it is told of no typing and no presence. */
export const CONGESTED_BYTES = 64 * 1024;
/** More bytes than this waiting for the peer, and it is too slow. */
export const TOO_SLOW_BYTES = 1024 * 1024;
/** This many refusals within {@linkcode FLOOD_MS} are a flood. */
export const FLOOD_REFUSALS = 100;
/** Over which time refusals are counted, in milliseconds. */
export const FLOOD_MS = 10_000;

/** How long a peer must have sent nothing for its socket to be closed, in milliseconds. */
const QUIET_MS = 50;
/** How long a peer that never pauses may go on sending before its socket is closed all the same, in milliseconds. */
const LAST_WORDS_MS = 1_000;

/** The code of a connection that broke without a close frame (RFC 6455, 7.1.5), for which Deno 2.9.6 tells 0. */
const BROKEN = 1006;

/** What a peer tells the connection that uses it. */
export interface PeerHandlers {
  /** A text frame of at most 1 MiB came, at `now`: milliseconds that never go back. */
  onText(text: string, now: number): void;
  /** A frame that is no text came. */
  onBinary(): void;
  /** The peer is gone, or is being closed: called once, with the close code. Nothing can be sent any more. */
  onGone(code: number): void;
}

/** One WebSocket, seen from the server. */
export class Peer {
  readonly #socket: WebSocket;
  readonly #handlers: PeerHandlers;
  readonly #now: () => number;
  readonly #opened = Promise.withResolvers<void>();
  #gone = false;
  /** When the last frame came. */
  #heardAt = -Infinity;
  #closing: ReturnType<typeof setTimeout> | undefined;
  #refusals = 0;
  #refusalsSince = 0;

  /** `now` is in milliseconds and never goes back. */
  constructor(
    socket: WebSocket,
    handlers: PeerHandlers,
    now: () => number = () => performance.now(),
  ) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.#now = now;
    socket.addEventListener("open", () => this.#opened.resolve());
    socket.addEventListener("message", ({ data }) => this.#receive(data));
    socket.addEventListener("close", ({ code }) => {
      clearTimeout(this.#closing);
      this.#leave(code || BROKEN);
    });
    // A close event follows each error, and tells all there is to know.
    socket.addEventListener("error", (event) => event.preventDefault());
  }

  /** Resolves when it can be sent to and closed, or is gone before that. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /** Whether it is gone or being closed. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Bytes that wait for the peer. */
  get waitingBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** Sends a text frame; what comes after the close is dropped. */
  send(frame: string): void {
    if (!this.#gone && this.#socket.readyState === WebSocket.OPEN) this.#socket.send(frame);
  }

  /** Closes the socket. The connection is told at once, as a peer that does not read may never answer. */
  close(code: number, reason: string): void {
    if (this.#gone) return;
    this.#leave(code);
    this.#closeWhenQuiet(code, reason, this.#now() + LAST_WORDS_MS);
  }

  /** Counts a refusal, and closes the socket on a flood of them. */
  refused(): void {
    const now = this.#now();
    if (now - this.#refusalsSince >= FLOOD_MS) {
      this.#refusals = 0;
      this.#refusalsSince = now;
    }
    if (++this.#refusals >= FLOOD_REFUSALS) this.close(CLOSE.flooding, "too many refusals");
  }

  /** Deno 2.9.6 drops a closing socket at the next frame that comes in, and often the close frame with it. */
  #closeWhenQuiet(code: number, reason: string, latest: number): void {
    const waitMs = Math.min(this.#heardAt + QUIET_MS, latest) - this.#now();
    if (waitMs <= 0) return this.#socket.close(code, reason);
    const again = () => this.#closeWhenQuiet(code, reason, latest);
    // After a stall of the event loop timers come before the frames that wait to be read.
    this.#closing = setTimeout(() => setImmediate(again), waitMs);
  }

  #receive(data: unknown): void {
    const now = this.#now();
    this.#heardAt = now;
    if (this.#gone) return;
    if (typeof data !== "string") return this.#handlers.onBinary();
    if (exceedsBytes(data, MAX_FRAME_BYTES)) {
      return this.close(CLOSE.tooBig, `a frame may have at most ${MAX_FRAME_BYTES} bytes`);
    }
    this.#handlers.onText(data, now);
  }

  #leave(code: number): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#opened.resolve();
    this.#handlers.onGone(code);
  }
}

const utf8 = new TextEncoder();

/** Whether a text is longer than `limit` bytes in UTF-8. */
export function exceedsBytes(text: string, limit: number): boolean {
  // A UTF-16 unit makes one to three bytes, so most texts need no counting.
  if (text.length > limit) return true;
  return text.length * 3 > limit && utf8.encode(text).length > limit;
}
