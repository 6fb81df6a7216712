/** A batch with this many events leaves at once. */
export const MAX_BATCH_EVENTS = 256;
/** A batch with this many characters leaves at once. */
export const MAX_BATCH_CHARS = 64 * 1024;

/** What one room tells in one tick, in one mode: each event encoded once, for all members together. */
export class Batch {
  readonly #events: string[] = [];
  /** The places of the events that are soon out of date: typing and presence. */
  readonly #passing = new Set<number>();
  #chars = 0;
  #joined: string | undefined;
  #frame: string | undefined;

  /** How many events there are. */
  get size(): number {
    return this.#events.length;
  }

  /** Whether it should not wait for the tick's end. */
  get full(): boolean {
    return this.#events.length >= MAX_BATCH_EVENTS || this.#chars >= MAX_BATCH_CHARS;
  }

  /** The one `parley.v1` frame that all members share who were there for the whole batch. */
  get frame(): string {
    return this.#frame ??= this.size === 1 ? this.joined : `[${this.joined}]`;
  }

  /** All events with commas between them, to stand in a frame beside others. */
  get joined(): string {
    return this.#joined ??= this.#events.join(",");
  }

  /** Adds an encoded event. One that is `passing` may be kept from members who read slowly. */
  add(event: string, { passing = false } = {}): void {
    if (passing) this.#passing.add(this.#events.length);
    this.#events.push(event);
    this.#chars += event.length;
  }

  /** The encoded events from the `from`th on, for a member who came in the middle. */
  events(from: number): readonly string[] {
    return from === 0 ? this.#events : this.#events.slice(from);
  }

  /** The same without the passing ones. */
  lasting(from: number): readonly string[] {
    return this.#events.filter((_, place) => place >= from && !this.#passing.has(place));
  }
}
