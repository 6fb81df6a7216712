import type { Mark, Store } from "../store/store.ts";

/** How long a marker may wait to be written, in milliseconds: what a crash takes with it is read once more. */
export const WRITE_BEHIND_MS = 1000;

/** How far people have read, as heard at this instance: only the furthest mark of each is written, a little later. */
export class ReadMarkers {
  readonly #store: Store;
  #waiting = new Map<string, Mark>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Writes to `store`, where a mark only ever rises. */
  constructor(store: Store) {
    this.#store = store;
  }

  /** Notes how far somebody has read. */
  note(mark: Mark): void {
    const key = `${mark.userId} ${mark.room}`;
    const waiting = this.#waiting.get(key);
    if (waiting && waiting.seq >= mark.seq) return;
    this.#waiting.set(key, mark);
    this.#timer ??= setTimeout(() => this.flush(), WRITE_BEHIND_MS);
  }

  /** Writes what waits; what cannot be written waits on. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const marks = this.#waiting;
    if (marks.size === 0) return;
    this.#waiting = new Map();
    try {
      await this.#store.mark([...marks.values()]);
    } catch {
      for (const mark of marks.values()) this.note(mark);
    }
  }

  /** Writes what waits, and lets go of the timer. */
  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
  }
}
