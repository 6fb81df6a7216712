/**
 * One instance and several, on each engine: `deno task bench:scale` measures them and writes tables and charts into
 * `docs/scaling.md` in less than ten minutes.
 *
 *     deno task bench:scale --quick     one short run of each, good for a look; written into no document
 *
 * Needs `postgresql` and `redis-server`, which it starts for itself, and Linux.
 *
 * @module
 */
import { measureScale } from "./scale/measure.ts";
import { showScale, writeScale } from "./scale/report.ts";

const quick = Deno.args.includes("--quick");
const measured = await measureScale({ quick });
console.log(`\n${showScale(measured)}`);
if (!quick) await writeScale(measured);
