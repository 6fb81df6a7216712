import type { Pulse, Store } from "../store/store.ts";

/** How often an instance renews its lease and asks where rooms stand, in milliseconds. */
export const BEAT_MS = 5_000;
/** How long a lease holds that is not renewed, in milliseconds. */
export const LEASE_MS = 30_000;

/** How a {@linkcode Heartbeat} is wired. */
export interface HeartbeatOptions {
  /** Whose lease it is. */
  readonly instance: string;
  /** Where the lease is kept. */
  readonly store: Store;
  /** The rooms whose heads are wanted. */
  readonly rooms: () => readonly string[];
  /** Called with the store's answer to each beat. */
  readonly onPulse: (pulse: Pulse) => void;
  /** Called with what the store rejected a beat with. */
  readonly onMissed: (error: unknown) => void;
}

/** Keeps an instance's lease, and asks the store where rooms stand: what a lost hint hid is found here. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #beating: Promise<void> | undefined;
  #closed = false;

  /** It beats only when it is told to for the first time. */
  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Beats now, or joins the beat that is under way; the next one comes {@linkcode BEAT_MS} after it. */
  beat(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return this.#beating ??= this.#beat().finally(() => {
      this.#beating = undefined;
    });
  }

  /** Beats no more. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#beating;
  }

  async #beat(): Promise<void> {
    clearTimeout(this.#timer);
    const { instance, store, rooms, onPulse, onMissed } = this.#options;
    try {
      const pulse = await store.beat({ instance, leaseMs: LEASE_MS, rooms: rooms() });
      if (!this.#closed) onPulse(pulse);
    } catch (error) {
      onMissed(error);
    }
    if (!this.#closed) this.#timer = setTimeout(() => this.beat(), BEAT_MS);
  }
}
