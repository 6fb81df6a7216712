import type { Meter, Mode } from "../meter.ts";
import { CLOSE } from "../wire/codes.ts";

/** One open connection, of either mode. */
export interface OpenConnection {
  /** Whose it is; `undefined` until that is known. */
  readonly userId: string | undefined;
  /** Whether it is in plain mode. */
  readonly plain: boolean;
  /** Tells the client to come back after a time, and closes the socket as one that goes away. */
  dismiss(reconnectAfterMs: number): void;
  /** Closes the socket, after what waits for it was sent. */
  close(code: number, reason: string): void;
}

/** How many clients are asked to come back in a second when the server goes away. */
const RETURNS_A_SECOND = 200;
/** How soon the first one is asked to come back, in milliseconds. */
const FIRST_RETURN_MS = 500;

/** All open connections of an instance. */
export class Connections {
  readonly #open = new Set<OpenConnection>();
  readonly #plainByUser = new Map<string, OpenConnection>();
  readonly #meter: Meter;

  /** Counts the connections that come and go. */
  constructor(meter: Meter) {
    this.#meter = meter;
  }

  /** How many there are. */
  get size(): number {
    return this.#open.size;
  }

  /** Adds a connection; it must be taken off with {@linkcode delete}. */
  add(connection: OpenConnection): void {
    this.#open.add(connection);
    this.#meter.connections.add(modeOf(connection));
  }

  /** Takes off a connection that was closed with a code. */
  delete(connection: OpenConnection, code: number): void {
    this.#open.delete(connection);
    this.#meter.connections.add(modeOf(connection), -1);
    this.#meter.closes.add(code);
    const { userId } = connection;
    if (userId !== undefined && this.#plainByUser.get(userId) === connection) {
      this.#plainByUser.delete(userId);
    }
  }

  /** Gives a person's plain place to a connection; the older one that had it is closed. */
  takeOver(userId: string, connection?: OpenConnection): void {
    const older = this.#plainByUser.get(userId);
    if (connection) this.#plainByUser.set(userId, connection);
    else this.#plainByUser.delete(userId);
    older?.close(CLOSE.takenOver, "a newer connection took this one's place");
  }

  /** Closes all connections of a person. */
  closeUser(userId: string, code: number, reason: string): void {
    for (const connection of this.#open) {
      if (connection.userId === userId) connection.close(code, reason);
    }
  }

  /** Sends everyone away, to come back one after the other; answers when the last is asked back, in milliseconds. */
  dismissAll(): number {
    let reconnectAfterMs = FIRST_RETURN_MS;
    for (const connection of this.#open) {
      connection.dismiss(Math.round(reconnectAfterMs));
      reconnectAfterMs += 1000 / RETURNS_A_SECOND;
    }
    return reconnectAfterMs;
  }
}

function modeOf({ plain }: OpenConnection): Mode {
  return plain ? "plain" : "v1";
}
