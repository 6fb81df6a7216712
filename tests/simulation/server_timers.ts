type Timer = ReturnType<typeof setTimeout>;

/** Counts the timers that are set from now on, until time is no longer faked. */
export class ServerTimers {
  /** Sets a timer that is not counted. */
  readonly setUncounted: (work: () => void, ms: number) => Timer;
  readonly #running = new Set<Timer | undefined>();

  /** Takes the place of the functions that fake time has put into the place of the real ones. */
  constructor() {
    const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis;
    const running = this.#running;
    this.setUncounted = (work, ms) => setTimeout(work, ms);
    Object.assign(globalThis, {
      setTimeout(work: () => void, ms?: number): Timer {
        const timer = setTimeout(() => {
          running.delete(timer);
          work();
        }, ms);
        running.add(timer);
        return timer;
      },
      setInterval(work: () => void, ms?: number): Timer {
        const timer = setInterval(work, ms);
        running.add(timer);
        return timer;
      },
      clearTimeout(timer?: Timer): void {
        running.delete(timer);
        clearTimeout(timer);
      },
      clearInterval(timer?: Timer): void {
        running.delete(timer);
        clearInterval(timer);
      },
    });
  }

  /** How many there are. */
  get count(): number {
    return this.#running.size;
  }
}
