/**
 * Makes sure that what `clearImmediate` was told of is not called.
 *
 * Deno 2.5.0 calls it nevertheless if it was due in the turn of the event loop in which it is cleared. The PostgreSQL driver writes
 * nothing then, which ends the process: `May not write null values to stream`.
 *
 * @module
 */
import { clearImmediate, setImmediate } from "node:timers";

type Immediate = ReturnType<typeof setImmediate>;

const cleared = new WeakSet<Immediate>();

function setMended<T extends unknown[]>(work: (...args: T) => void, ...args: T): Immediate {
  const immediate: Immediate = setImmediate(() => {
    if (!cleared.has(immediate)) work(...args);
  });
  return immediate;
}

function clearMended(immediate?: Immediate | null): void {
  if (!immediate) return;
  cleared.add(immediate);
  clearImmediate(immediate);
}

Object.assign(globalThis, { setImmediate: setMended, clearImmediate: clearMended });
