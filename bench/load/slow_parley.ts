/**
 * The server on a disk that takes 5 ms for a commit.
 *
 * @module
 */
import { run } from "../../lib/run.ts";

await run({ storeWorker: new URL("../durability/slow_disk_worker.ts", import.meta.url) });
