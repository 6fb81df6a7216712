// @ts-check

/**
 * What is made when it is first asked for, and then kept: a formatter of `Intl` takes a browser longer to make than a message.
 *
 * @template T
 * @param {() => T} make
 * @returns {() => T}
 */
export function lazy(make) {
  /** @type {T | undefined} */
  let made;
  return () => made ??= make();
}
