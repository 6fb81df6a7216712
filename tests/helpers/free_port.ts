/** Picks a whole number from `min` to `max`, both included. */
type Pick = (min: number, max: number) => number;

const anyOf: Pick = (min, max) => min + Math.floor(Math.random() * (max - min + 1));

/**
 * A port that nobody takes while its server is down: below those that the system gives out by itself, so that neither
 * another test's server nor a client's own end comes to lie on it.
 */
export function freePort(pick: Pick = anyOf): number {
  for (;;) {
    const port = pick(10_000, 32_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
