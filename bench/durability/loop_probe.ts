/** The shortest timer that there is, in milliseconds. */
const BEAT_MS = 1;

/** What Linux tells of a thread: the time that it ran, and the time that it waited for a processor, in nanoseconds. */
const THREAD = "/proc/thread-self/schedstat";

/**
 * Measures for how long the event loop that it runs on keeps a timer waiting: its longest hold, and a little more.
 *
 * The time in which another program had the processor is taken off where the system tells it, as Linux does: a busy
 * machine would be measured otherwise, and not the server.
 */
export class LoopProbe {
  #longest = 0;
  #dueAt = 0;
  #waitedBefore = 0;

  /** Begins to measure. */
  constructor() {
    this.#beat();
  }

  /** The longest that a timer was late since this was last asked, in milliseconds. */
  takeLongest(): number {
    const longest = this.#longest;
    this.#longest = 0;
    return longest;
  }

  #beat(): void {
    this.#waitedBefore = waitedMs();
    this.#dueAt = performance.now() + BEAT_MS;
    setTimeout(() => {
      const lateMs = performance.now() - this.#dueAt;
      this.#longest = Math.max(this.#longest, lateMs - (waitedMs() - this.#waitedBefore));
      this.#beat();
    }, BEAT_MS);
  }
}

function waitedMs(): number {
  if (Deno.build.os !== "linux") return 0;
  return Number(Deno.readTextFileSync(THREAD).split(" ")[1]) / 1e6;
}
