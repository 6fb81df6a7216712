import { run } from "./lib/run.ts";

await run({ dev: Deno.args.includes("dev") });
