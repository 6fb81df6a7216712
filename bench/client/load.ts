/**
 * Measures how fast and how light the page is, in Chromium against a server of this machine: `deno task bench:client`.
 *
 * Prints the table of docs/client.md.
 */
import { table } from "./figures.ts";
import { measureInput } from "./input.ts";
import { measureMemory } from "./memory.ts";
import { measureLoading } from "./loading.ts";

const loading = await measureLoading({ runs: 7, slowDown: 4 });
const calm = await measureInput({ perSecond: 50, seconds: 20, slowDown: 1 });
const slow = await measureInput({ perSecond: 50, seconds: 20, slowDown: 4 });
const memory = await measureMemory({ messages: 100_000 });
for (const line of table({ loading, input: { calm, slow }, memory })) console.log(line);
