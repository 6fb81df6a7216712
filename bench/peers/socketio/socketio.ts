import { install } from "../install.ts";
import { launch } from "../launch.ts";
import type { Peer } from "../peer.ts";
import { SOCKET_IO } from "./dialect.ts";

const VERSION = "4.8.4";

/** Socket.IO on Node, by its WebSocket transport alone. */
export const socketIo: Peer = {
  name: "Socket.IO",
  dialect: SOCKET_IO,
  async start(port) {
    const cwd = await install("socket.io", VERSION, "socketio");
    const args = ["socketio/server.mjs"];
    return await launch({ name: "Socket.IO", command: "node", args, cwd }, port);
  },
};
