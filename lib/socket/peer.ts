import { CLOSE } from "../wire/codes.ts";
import { closeSocket } from "./closing.ts";
import { CONGESTED_BYTES, type Pressure, type SlowPeer } from "./pressure.ts";

/** A frame of more than this closes the socket with 1009, in bytes. */
export const MAX_FRAME_BYTES = 1024 * 1024;
/** This many refusals within {@linkcode FLOOD_MS} are a flood. */
export const FLOOD_REFUSALS = 100;
/** Over which time refusals are counted, in milliseconds. */
export const FLOOD_MS = 10_000;

/** How long a peer must have sent nothing for its socket to be closed, in milliseconds. */
const QUIET_MS = 50;
/** How long a peer that never pauses may go on sending before its socket is closed all the same, in milliseconds. */
const LAST_WORDS_MS = 1_000;
/** How soon a socket that is to be closed is looked at again for what waits in it, at first and at last, in milliseconds. */
const DRAIN_MS = { first: 5, last: 500 };

/** How Deno 2.9.6 tells of an error that ended the connection, and with it what was waiting. */
const BROKE = /\(os error \d+\)|ping frame|send frame/;

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
  /** It was congested, and reads again. */
  onRelieved(): void;
}

/** What a {@linkcode Peer} takes beside its socket. */
export interface PeerOptions {
  /** Whose budget its bytes count against. */
  readonly address: string;
  /** Looks after it while much waits for it. */
  readonly pressure: Pressure;
  /** The time in milliseconds, which never goes back. */
  readonly now?: () => number;
}

/** One WebSocket, seen from the server. */
export class Peer implements SlowPeer {
  readonly address: string;
  readonly #socket: WebSocket;
  readonly #handlers: PeerHandlers;
  readonly #pressure: Pressure;
  readonly #now: () => number;
  readonly #opened = Promise.withResolvers<void>();
  #gone = false;
  /** Frames that the socket was not given yet: here they are shared with other members, and can be dropped. */
  #backlog: string[] | undefined;
  #backlogBytes = 0;
  /** Whether the socket ended in a way after which Deno may still hold what waits. */
  #doubtful = false;
  /** When the last frame came. */
  #heardAt = -Infinity;
  #closing: ReturnType<typeof setTimeout> | undefined;
  #refusals = 0;
  #refusalsSince = 0;

  /** Takes a socket that is being opened. */
  constructor(
    socket: WebSocket,
    handlers: PeerHandlers,
    { address, pressure, now = () => performance.now() }: PeerOptions,
  ) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.address = address;
    this.#pressure = pressure;
    this.#now = now;
    socket.addEventListener("open", () => this.#opened.resolve());
    socket.addEventListener("message", ({ data }) => this.#receive(data));
    socket.addEventListener("close", ({ code }) => {
      clearTimeout(this.#closing);
      this.#leave(code || BROKEN);
      this.#dropBacklog();
      this.#pressure.forget(this, this.#doubtful);
    });
    // A close event follows each error. After a frame that is none Deno 2.9.6 tells it at once, and goes on writing.
    socket.addEventListener("error", (event) => {
      event.preventDefault();
      this.#doubtful = !BROKE.test((event as ErrorEvent).message);
    });
  }

  /** Resolves when it can be sent to and closed, or is gone before that. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /** Whether it is gone or being closed. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Bytes that wait for the peer; a character that the socket was not given yet counts as one. */
  get waitingBytes(): number {
    return this.#socket.bufferedAmount + this.#backlogBytes;
  }

  /** Sends a text frame; what comes after the close is dropped. */
  send(frame: string): void {
    if (this.#gone || this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#backlog) this.sendLater([frame]);
    else this.#socket.send(frame);
  }

  /**
   * Sends text frames when the peer has read most of what is before them, as what a socket is given cannot be taken
   * back. Also without any the peer is looked after until it reads again.
   */
  sendLater(frames: readonly string[]): void {
    if (this.#gone) return;
    if (frames.length > 0) (this.#backlog ??= []).push(...frames);
    for (const frame of frames) this.#backlogBytes += frame.length;
    // In a burst the socket can take more long before it is looked after.
    this.pump();
    this.#pressure.watch(this);
  }

  pump(): void {
    this.#sendBacklog(CONGESTED_BYTES);
  }

  /** Gives the socket all that waits, so that the close comes after it. */
  flush(): void {
    this.#sendBacklog(Infinity);
  }

  relieve(): void {
    this.#handlers.onRelieved();
  }

  giveUp(): void {
    this.close(CLOSE.tooSlow, "too slow");
  }

  /** Closes the socket. The connection is told at once, as a peer that does not read may never answer. */
  close(code: number, reason: string): void {
    if (this.#gone) return;
    this.#leave(code);
    this.#dropBacklog();
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
    if (waitMs <= 0) return this.#closeWhenRead(code, reason);
    const again = () => this.#closeWhenQuiet(code, reason, latest);
    // After a stall of the event loop timers come before the frames that wait to be read.
    this.#closing = setTimeout(() => setImmediate(again), waitMs);
  }

  /**
   * Of a closing socket Deno 2.9.6 does not tell what it still holds, and calls it closed at the next frame that comes
   * in: so it stays open until it is empty, and its bytes count. A server that goes away has no time for that.
   */
  #closeWhenRead(code: number, reason: string, againMs = DRAIN_MS.first): void {
    if (code === CLOSE.goingAway || this.waitingBytes === 0) {
      return closeSocket(this.#socket, code, reason);
    }
    this.#pressure.watch(this);
    const next = Math.min(2 * againMs, DRAIN_MS.last);
    this.#closing = setTimeout(() => this.#closeWhenRead(code, reason, next), againMs);
  }

  /** Gives the socket of the backlog what it can take, as long as at most `limit` bytes wait in it. */
  #sendBacklog(limit: number): void {
    const backlog = this.#backlog;
    if (!backlog) return;
    let sent = 0;
    while (sent < backlog.length && this.#socket.bufferedAmount <= limit) {
      const frame = backlog[sent++]!;
      this.#backlogBytes -= frame.length;
      this.#socket.send(frame);
    }
    this.#backlog = sent < backlog.length ? backlog.slice(sent) : undefined;
  }

  #dropBacklog(): void {
    this.#backlog = undefined;
    this.#backlogBytes = 0;
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
