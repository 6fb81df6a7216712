/**
 * Makes sure that what `clearTimeout`, `clearInterval` or `clearImmediate` was told of is not called.
 *
 * Deno 2.5.0 calls it nevertheless if it is due in the turn of the event loop in which something that arrives clears it. The PostgreSQL
 * driver writes nothing then, which ends the process (`May not write null values to stream`), and who came back in time is counted out.
 *
 * @module
 */
import { clearImmediate, setImmediate } from "node:timers";

// deno-lint-ignore no-explicit-any
type Start = (work: (...args: any[]) => void, ...rest: any[]) => unknown;
// deno-lint-ignore no-explicit-any
type Clear = (timer?: any) => void;

const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
const running = new Set<unknown>();

function mendStart(start: Start, { repeats = false } = {}): Start {
  return (work, ...rest) => {
    const timer = start((...args) => {
      if (repeats ? running.has(timer) : running.delete(timer)) work(...args);
    }, ...rest);
    running.add(timer);
    return timer;
  };
}

function mendClear(clear: Clear): Clear {
  return (timer) => {
    running.delete(timer);
    clear(timer);
  };
}

const timer: unknown = setTimeout(() => {});
clearTimeout(timer as number);
// Newer releases, whose timers are objects as in Node.js, need no mending.
if (typeof timer === "number") {
  Object.assign(globalThis, {
    setTimeout: mendStart(setTimeout),
    clearTimeout: mendClear(clearTimeout),
    setInterval: mendStart(setInterval, { repeats: true }),
    clearInterval: mendClear(clearInterval),
    setImmediate: mendStart(setImmediate),
    clearImmediate: mendClear(clearImmediate),
  });
}
