import { type Clock, withGlobal } from "@sinonjs/fake-timers";

/** Says that time cannot do what it was asked to, as it is faked already or is not faked. */
export class TimeError extends Error {
  /** Takes the sentence. */
  constructor(message: string) {
    super(message);
    this.name = "TimeError";
  }
}

/** Options of {@linkcode FakeTime}. */
export interface FakeTimeOptions {
  /** How fast fake time goes by itself, in terms of real time. 0, the default, keeps it still. */
  advanceRate: number;
  /** How often it then moves, in milliseconds of real time: 10 if not given. */
  advanceFrequency?: number;
}

/** Options of {@linkcode FakeTime.delay}. */
export interface DelayOptions {
  /** Ends the wait early: the promise is rejected. */
  signal?: AbortSignal;
}

const { Date: RealDate, setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
const REAL = {
  timers: { Date: RealDate, setTimeout, clearTimeout, setInterval, clearInterval },
  abortAfter: AbortSignal.timeout,
};

/** What takes the place of what, when time is faked and when it is restored. */
interface Globals {
  timers: Record<keyof typeof REAL.timers, unknown>;
  abortAfter: typeof AbortSignal.timeout;
}

/** Makes clocks whose timers are numbers, as in browsers; nothing global is touched. */
const { createClock } = withGlobal({ Date, setTimeout: () => 0, clearTimeout: () => {} });

let current: FakeTime | undefined;

/**
 * Time that stands still until it is told to move: takes the place of `Date`, `setTimeout`, `setInterval` and those that
 * clear them, and of `AbortSignal.timeout`, until it is restored.
 */
export class FakeTime {
  readonly #start: number;
  readonly #clock: Clock;
  readonly #fake: Globals;
  readonly #advancing: ReturnType<typeof setInterval> | undefined;
  /** The callback whose timer has just run out. The clock must be at rest when it runs, or timers of 0 ms that it sets come late. */
  readonly #due: (() => void)[] = [];

  /**
   * Fakes time from now on. It starts at the time given, or else at the real one.
   *
   * @throws {TimeError} If time is faked already.
   * @throws {TypeError} If the start is no date.
   */
  constructor(start?: number | string | Date | null, options?: FakeTimeOptions) {
    if (current) throw new TimeError("Cannot fake time as it is faked already");
    this.#start = Math.floor(new RealDate(start ?? RealDate.now()).getTime());
    if (Number.isNaN(this.#start)) {
      throw new TypeError(`Cannot fake time as its start is no date: received ${start}`);
    }
    this.#clock = createClock(this.#start);
    this.#fake = this.#makeFake();
    current = this;
    install(this.#fake);

    const { advanceRate = 0, advanceFrequency = 10 } = options ?? {};
    if (advanceRate > 0) {
      const step = () => this.tick(advanceRate * advanceFrequency);
      this.#advancing = setInterval(step, advanceFrequency);
    }
  }

  /** Brings back real time. */
  [Symbol.dispose](): void {
    this.restore();
  }

  /**
   * Brings back real time.
   *
   * @throws {TimeError} If it is back already.
   */
  static restore(): void {
    if (!current) throw new TimeError("Cannot restore time as it is not faked");
    current.restore();
  }

  /** Runs a function in real time, and fakes time again when its promise settles. Rejects if time is not faked. */
  static async restoreFor<T>(
    // deno-lint-ignore no-explicit-any
    callback: (...args: any[]) => Promise<T> | T,
    // deno-lint-ignore no-explicit-any
    ...args: any[]
  ): Promise<T> {
    const time = current;
    if (!time) throw new TimeError("Cannot restore time as it is not faked");
    install(REAL);
    try {
      const result = callback(...args);
      // What runs at once must leave time faked for whoever comes next, not a turn later.
      if (result instanceof Promise) await result;
      return result;
    } finally {
      install(time.#fake);
    }
  }

  /** The fake time, in milliseconds since 1970. */
  get now(): number {
    return this.#clock.now;
  }

  /**
   * Moves the fake time forward. The timers that run out on the way are called in order; if one throws, time stops there.
   *
   * @throws {RangeError} If the time is past.
   */
  set now(value: number) {
    if (value < this.now) {
      throw new RangeError(`Cannot move time back from ${this.now}: received ${value}`);
    }
    while (this.#callNext(value));
  }

  /** When the fake time started, in milliseconds since 1970. */
  get start(): number {
    return this.#start;
  }

  /** Waits in real time, in milliseconds. */
  delay(ms: number, { signal }: DelayOptions = {}): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    const abort = () => reject(new DOMException("Delay was aborted.", "AbortError"));
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    return promise.finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    });
  }

  /** Lets everything run that waits for no timer. */
  async runMicrotasks(): Promise<void> {
    await this.delay(0);
  }

  /** Moves the fake time forward by some milliseconds. */
  tick(ms = 0): void {
    this.now += ms;
  }

  /** Lets everything run that waits for no timer, then moves the fake time forward by some milliseconds. */
  async tickAsync(ms = 0): Promise<void> {
    await this.runMicrotasks();
    this.tick(ms);
  }

  /** Moves the fake time forward to the next timer, and tells whether there was one. */
  next(): boolean {
    if (!this.#callNext()) return false;
    this.tick();
    return true;
  }

  /** Lets everything run that waits for no timer, then does as {@linkcode FakeTime.next}. */
  async nextAsync(): Promise<boolean> {
    await this.runMicrotasks();
    return this.next();
  }

  /** Moves the fake time forward until no timer is left. */
  runAll(): void {
    while (this.next());
  }

  /** Moves the fake time forward until no timer is left, and lets everything run before each that waits for none. */
  async runAllAsync(): Promise<void> {
    while (this.#clock.countTimers() > 0) await this.nextAsync();
  }

  /**
   * Brings back real time.
   *
   * @throws {TimeError} If it is back already.
   */
  restore(): void {
    if (!current) throw new TimeError("Cannot restore time as it is not faked");
    current = undefined;
    clearInterval(this.#advancing);
    install(REAL);
  }

  #makeFake(): Globals {
    const clock = this.#clock;
    const set =
      (start: typeof clock.setTimeout, least: number) =>
      (callback: unknown, ms = 0, ...args: unknown[]) => {
        this.#expectFaked();
        if (typeof callback !== "function") throw new TimeError("Cannot call what is no function");
        return start(() => this.#due.push(() => callback(...args)), Math.max(least, ms));
      };
    const clear = (stop: typeof clock.clearTimeout) => (id: unknown) => {
      this.#expectFaked();
      if (typeof id === "number") stop(id);
    };
    const setTimeout = set(clock.setTimeout, 0);
    return {
      timers: {
        Date: clock.Date,
        setTimeout,
        clearTimeout: clear(clock.clearTimeout),
        setInterval: set(clock.setInterval, 1),
        clearInterval: clear(clock.clearInterval),
      },
      abortAfter(ms) {
        const controller = new AbortController();
        const reason = new DOMException("Signal timed out.", "TimeoutError");
        setTimeout(() => controller.abort(reason), ms);
        return controller.signal;
      },
    };
  }

  #expectFaked(): void {
    if (current !== this) throw new TimeError("Cannot use a fake timer as its time is over");
  }

  /** Moves to the next timer and calls it, unless that is after a given time: then it moves there. Tells whether it called one. */
  #callNext(until?: number): boolean {
    const bound = until === undefined
      ? undefined
      : this.#clock.setTimeout(() => {}, until - this.now);
    this.#clock.next();
    this.#clock.clearTimeout(bound);
    const call = this.#due.pop();
    call?.();
    return call !== undefined;
  }
}

function install({ timers, abortAfter }: Globals): void {
  Object.assign(globalThis, timers);
  AbortSignal.timeout = abortAfter;
}
