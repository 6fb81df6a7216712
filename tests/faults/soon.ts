/** Waits for something, but not longer than `withinMs` milliseconds: then it fails with what there was not. */
export async function soon<T>(
  work: Promise<T>,
  withinMs: number,
  what: string | (() => string),
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const text = typeof what === "string" ? what : what();
    late.reject(new Error(`There was not, in ${Math.round(withinMs)} ms, ${text}`));
  }, Math.max(0, withinMs));
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
