// @ts-check
/// <reference lib="dom" />

/** How long a change waits at the most, in milliseconds: a page in the background draws no frames. */
const LATEST_MS = 250;

/**
 * Makes a function that runs `run` with the next frame, once for all calls until then.
 *
 * @param {() => void} run
 */
export function onceAFrame(run) {
  /** @type {{ frame: number, timer: ReturnType<typeof setTimeout> } | undefined} */
  let due;
  const runDue = () => {
    if (due) cancelAnimationFrame(due.frame);
    clearTimeout(due?.timer);
    due = undefined;
    run();
  };
  return () => {
    due ??= { frame: requestAnimationFrame(runDue), timer: setTimeout(runDue, LATEST_MS) };
  };
}
