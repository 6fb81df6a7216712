import type { Pulse, Store } from "../store/store.ts";

/** How often an instance renews its lease and asks where rooms stand, in milliseconds. */
export const BEAT_MS = 5_000;
/** How soon it beats again after a beat that the store did not answer, in milliseconds: what is back is to be noticed. */
export const RETRY_MS = 1_000;
/**
 * How soon it beats again where more people go than one beat removes, in milliseconds: others are to have their turn
 * between two beats, each of which takes about as long.
 */
export const MORE_MS = 100;
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
  /** Called with the store's answer to each beat; `held` is false too if nobody knows, and only once a lease is there. */
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
  /** Whether the rows here may be gone, and that was not told yet. */
  #lost = false;
  #closed = false;

  /** It beats only when it is told to for the first time. */
  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Beats now; one that is under way is followed by another. The next one comes {@linkcode BEAT_MS} later, {@linkcode RETRY_MS} after one that failed, or {@linkcode MORE_MS} after one that left something to remove. */
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
    let more = false;
    try {
      const pulse = await store.beat({ instance, leaseMs: LEASE_MS, rooms: rooms() });
      more = pulse.more;
      // The store says once that the rows are gone: it may have said so to a beat whose answer was lost.
      this.#lost ||= !pulse.held || this.#missed;
      this.#missed = false;
      // What is claimed while rows still go would go with them.
      const held = !this.#lost || more && !pulse.held;
      if (!held) this.#lost = false;
      if (!this.#closed) await onPulse({ ...pulse, held });
    } catch (error) {
      this.#missed = true;
      onMissed(error);
    }
    if (this.#closed) return;
    const nextMs = this.#missed ? RETRY_MS : more ? MORE_MS : BEAT_MS;
    const pauseMs = this.#again ? 0 : nextMs;
    this.#timer = setTimeout(() => this.beat(), pauseMs);
  }
}
