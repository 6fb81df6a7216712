/** The ways to hear from the server: a socket of either mode, or a stream of events over HTTP. */
export type Mode = "v1" | "plain" | "events";

/** A number for each of a few labels. */
export class Tally<K extends string | number> {
  readonly #counts = new Map<K, number>();

  /** Adds to the number of one label; what falls is subtracted. */
  add(label: K, count = 1): void {
    this.#counts.set(label, (this.#counts.get(label) ?? 0) + count);
  }

  /** The labels that were added to, with their numbers. */
  entries(): Iterable<[K, number]> {
    return this.#counts.entries();
  }
}

/** What waits for peers that read slowly. */
export interface Waiting {
  /** Bytes for open sockets. */
  openBytes: number;
  /** Bytes for sockets that were closed, and are not gone yet. */
  closingBytes: number;
  /** Members for whom so much waits that they are told of no typing and no presence. */
  congestedPeers: number;
}

/** What one instance counts: plain numbers, since some of them change a million times a second. */
export class Meter {
  /** Open connections. */
  readonly connections: Tally<Mode> = new Tally();
  /** Closed connections, by close code. */
  readonly closes: Tally<number> = new Tally();
  /** Frames that came from clients. */
  framesIn = 0;
  /** Events handed to members, one for each member. */
  deliveries = 0;
  /** Events of passing interest that members who read too slowly did not get. */
  drops = 0;
  /** Messages, edits, deletions and reactions that were made durable. */
  changes = 0;
  /** What waits for peers that read slowly, as it was last looked at. */
  readonly waiting: Waiting = { openBytes: 0, closingBytes: 0, congestedPeers: 0 };
  /** How long each append took, in seconds: called by rooms, and set by who wants to know. */
  onAppend: (seconds: number) => void = () => {};
}
