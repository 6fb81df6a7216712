import type { Meter, Mode } from "../meter.ts";
import type { Direct } from "../store/store.ts";
import { CLOSE } from "../wire/codes.ts";

/** One open connection, of any mode. */
export interface OpenConnection {
  /** Whose it is; `undefined` until that is known. */
  readonly userId: string | undefined;
  /** How it hears from the server. */
  readonly mode: Mode;
  /** Tells the client to come back after a time, and closes the socket as one that goes away. */
  dismiss(reconnectAfterMs: number): void;
  /** Tells the client how far its user has read on another device. */
  hearRead(room: string, seq: number): void;
  /** Lets the client hear of a room that its user has joined on another device, of what comes after `seq`. */
  follow(room: string, seq: number): void;
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
  readonly #byUser = new Map<string, Set<OpenConnection>>();
  readonly #meter: Meter;

  /** Counts the connections that come and go. */
  constructor(meter: Meter) {
    this.#meter = meter;
  }

  /** Adds a connection; it must be taken off with {@linkcode delete}. */
  add(connection: OpenConnection): void {
    this.#open.add(connection);
    this.#meter.connections.add(connection.mode);
  }

  /** Notes whose a connection is. */
  identify(connection: OpenConnection, userId: string): void {
    const theirs = this.#byUser.get(userId) ?? new Set();
    this.#byUser.set(userId, theirs.add(connection));
  }

  /** Takes off a connection that was closed with a code. */
  delete(connection: OpenConnection, code: number): void {
    this.#open.delete(connection);
    this.#meter.connections.add(connection.mode, -1);
    this.#meter.closes.add(code);
    const theirs = this.#byUser.get(connection.userId ?? "");
    if (theirs?.delete(connection) && theirs.size === 0) this.#byUser.delete(connection.userId!);
  }

  /** The connections of a person, but for one. */
  of(userId: string, except?: OpenConnection): OpenConnection[] {
    return [...this.#byUser.get(userId) ?? []].filter((connection) => connection !== except);
  }

  /** Lets the connections of two people hear of their direct room, of all that is in it: it may be new to them. */
  introduce({ room, users }: Direct): void {
    for (const { id } of users) {
      for (const connection of this.of(id)) connection.follow(room, 0);
    }
  }

  /** Closes the plain connections of a person, but for the newer one that took their place. */
  takeOver(userId: string, newer?: OpenConnection): void {
    for (const connection of this.of(userId, newer)) {
      if (connection.mode !== "plain") continue;
      connection.close(CLOSE.takenOver, "a newer connection took this one's place");
    }
  }

  /** Closes all connections of a person. */
  closeUser(userId: string, code: number, reason: string): void {
    for (const connection of this.of(userId)) connection.close(code, reason);
  }

  /** Closes everyone's connections. */
  closeAll(code: number, reason: string): void {
    for (const connection of this.#open) connection.close(code, reason);
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
