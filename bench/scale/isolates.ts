/**
 * The server with isolates that listen side by side, each on a port of its own.
 *
 * @module
 */
import { run } from "../../lib/run.ts";

await run({ isolate: new URL("./isolate.ts", import.meta.url) });
