import { PLAIN_JSON } from "../../load/dialect.ts";
import { install } from "../install.ts";
import { launch } from "../launch.ts";
import type { Peer } from "../peer.ts";
import { run } from "../run.ts";

const VERSION = "1.4.5";

/** Bun's native publish. */
export const bun: Peer = {
  name: "Bun publish",
  dialect: PLAIN_JSON,
  async start(port) {
    const cwd = await install("bun", VERSION, "bun");
    const command = await binary(cwd);
    return await launch({ name: "Bun", command, args: ["bun/server.mjs"], cwd }, port);
  },
};

/** Bun itself, and not the stand-in of its package `bun`, which a script of that package has yet to replace. */
async function binary(folder: string): Promise<string> {
  const platforms = `${folder}/node_modules/@oven`;
  for await (const { name } of Deno.readDir(platforms)) {
    const command = `${platforms}/${name}/bin/bun`;
    if ((await run(command, ["--version"]))?.success) return command;
  }
  throw new Error("Cannot start Bun as none of its builds runs here");
}
