/**
 * The load generator, a process of its own so that its processor time is told from the server's: reads a
 * {@linkcode Plan} as JSON from its standard input and writes an {@linkcode Outcome}.
 *
 * A violation (a message that is lost, repeated or out of order, a connection that breaks) ends it with a sentence and
 * exit code 1.
 *
 * @module
 */
import { Opening } from "./opening.ts";
import { measureLoad } from "./measure.ts";
import type { Outcome, Plan } from "./plan.ts";

try {
  const plan: Plan = await new Response(Deno.stdin.readable).json();
  const opening = new Opening(plan);
  const { members, ...opened } = opening.run();
  const load = plan.measureMs > 0 ? measureLoad(plan, members, opening.readiness) : undefined;
  const outcome: Outcome = { ...opened, load };
  console.log(JSON.stringify(outcome));
  // The connections end with the process.
  Deno.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  Deno.exit(1);
}
