/** A return after a `bye`. */
export interface PacedReturn {
  /** After how long the client was asked to come back, in milliseconds. */
  readonly askedMs: number;
  /** After how long it was in the room again, in milliseconds. */
  readonly tookMs: number;
}

/** What befell a tireless client beside what it asked for. */
export class TirelessNotes {
  /** The codes with which its sockets were closed. */
  readonly closes: number[] = [];
  /** How often it was told that the outcome is not known. */
  unavailable = 0;
  /** How often it was told that somebody came or left. */
  moves = 0;
  /** Who it was told is typing. */
  readonly typists: string[] = [];
  /** Its returns after a `bye`. */
  readonly returns: PacedReturn[] = [];
  /** The instance that it is at, or was last. */
  instance = "";
  /** When it was last let into the room, on the clock of `performance.now()`. */
  enteredAt = 0;
}
