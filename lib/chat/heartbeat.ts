import type { Pulse, Store } from "../store/store.ts";

/** How often an instance renews its lease and asks where rooms stand, in milliseconds. */
export const BEAT_MS = 5_000;
/** How soon it beats again after a beat that the store did not answer, in milliseconds: what is back is to be noticed. */
export const RETRY_MS = 1_000;
/** How long a lease holds that is not renewed, in milliseconds: with the beat that finds it run out, people are gone within 30 s. */
export const LEASE_MS = 25_000;

/** How a {@linkcode Heartbeat} is wired. */
export interface HeartbeatOptions {
  /** Whose lease it is. */
  readonly instance: string;
  /** Where the lease is kept. */
  readonly store: Store;
  /** The rooms whose heads are wanted. */
  readonly rooms: () => readonly string[];
  /** Called with the store's answer to each beat; `held` is false too if nobody knows. */
  readonly onPulse: (pulse: Pulse) => Promise<void>;
  /** Called with what the store rejected a beat with, or what it led to. */
  readonly onMissed: (error: unknown) => void;
}

/** Keeps an instance's lease, and asks the store where rooms stand: what a lost hint hid is found here. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #beating: Promise<void> | undefined;
  /** Whether a beat was asked for while one was under way. */
  #again = false;
  /** Whether a beat has failed since one was answered. */
  #missed = false;
  #closed = false;

  /** It beats only when it is told to for the first time. */
  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Beats now; one that is under way is followed by another. The next one comes {@linkcode BEAT_MS} later, or {@linkcode RETRY_MS} after one that failed. */
  beat(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (this.#beating) {
      this.#again = true;
      return this.#beating;
    }
    this.#beating = this.#beat().finally(() => this.#beating = undefined);
    return this.#beating;
  }

  /** Beats no more. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#beating;
  }

  async #beat(): Promise<void> {
    clearTimeout(this.#timer);
    this.#again = false;
    const { instance, store, rooms, onPulse, onMissed } = this.#options;
    try {
      const pulse = await store.beat({ instance, leaseMs: LEASE_MS, rooms: rooms() });
      // The store says once that the rows are gone: it may have said so to a beat whose answer was lost.
      const held = pulse.held && !this.#missed;
      this.#missed = false;
      if (!this.#closed) await onPulse({ ...pulse, held });
    } catch (error) {
      this.#missed = true;
      onMissed(error);
    }
    if (this.#closed) return;
    const pauseMs = this.#again ? 0 : this.#missed ? RETRY_MS : BEAT_MS;
    this.#timer = setTimeout(() => this.beat(), pauseMs);
  }
}
