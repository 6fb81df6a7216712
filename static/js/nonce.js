// @ts-check

/** The random bytes of a nonce: as many as make a repeat not worth a thought. */
const BYTES = 16;

/**
 * A name for something that the person does, which nothing else has. Unlike `crypto.randomUUID` it is there on pages
 * without HTTPS too.
 */
export function newNonce() {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
