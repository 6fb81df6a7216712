import { run } from "./lib/run.ts";

const dev = Deno.args.includes("dev");
await run({ dev, watch: dev ? new URL("./lib/", import.meta.url) : undefined });
