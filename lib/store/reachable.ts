import { StoreUnavailableError } from "./store.ts";

/** The first wait for an engine that cannot be reached, in milliseconds; each wait that follows doubles it. */
const WAIT_MS = 250;
const MAX_WAIT_MS = 5_000;

/** What {@linkcode whenReachable} tells of each attempt that failed. */
export type OnWait = (reason: StoreUnavailableError, waitMs: number) => void;

/**
 * Opens something that rests on an engine as soon as that can be reached: other attempts follow until then, at times that
 * differ from instance to instance.
 *
 * Rejects as `open` does with anything but {@linkcode StoreUnavailableError}.
 */
export async function whenReachable<T>(open: () => Promise<T>, onWait: OnWait): Promise<T> {
  for (let attempt = 0;; attempt++) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      const longest = Math.min(WAIT_MS * 2 ** attempt, MAX_WAIT_MS);
      const waitMs = Math.round(longest * (0.5 + Math.random() / 2));
      onWait(error, waitMs);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}
