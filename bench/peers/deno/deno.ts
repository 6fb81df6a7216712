import { PLAIN_JSON } from "../../load/dialect.ts";
import { launch } from "../launch.ts";
import type { Peer } from "../peer.ts";

/** A plain loop on Deno: what one writes first. */
export const denoLoop = program("Deno, plain loop", "loop.ts");

/** A bare coalesced loop on Deno: the ceiling of what Parley can reach. */
export const denoCoalesced = program("Deno, coalesced", "coalesced.ts");

function program(name: string, file: string): Peer {
  const { pathname } = new URL(file, import.meta.url);
  return {
    name,
    dialect: PLAIN_JSON,
    // Without the settings of this project: nobody's program has them.
    start: (port) =>
      launch({
        name,
        command: Deno.execPath(),
        args: ["run", "--no-config", "--no-lock", "--allow-net", decodeURIComponent(pathname)],
      }, port),
  };
}
