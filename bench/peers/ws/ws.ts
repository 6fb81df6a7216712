import { PLAIN_JSON } from "../../load/dialect.ts";
import { install } from "../install.ts";
import { launch } from "../launch.ts";
import type { Peer } from "../peer.ts";

const VERSION = "8.23.0";

/** `ws` on Node. */
export const ws: Peer = {
  name: "ws",
  dialect: PLAIN_JSON,
  async start(port) {
    const cwd = await install("ws", VERSION, "ws");
    return await launch({ name: "ws", command: "node", args: ["ws/server.mjs"], cwd }, port);
  },
};
