import { bun } from "./bun/bun.ts";
import { denoCoalesced, denoLoop } from "./deno/deno.ts";
import { fastApi } from "./fastapi/fastapi.ts";
import type { Peer } from "./peer.ts";
import { socketIo } from "./socketio/socketio.ts";
import { ws } from "./ws/ws.ts";

/** All that Parley is measured against. */
export const PEERS: readonly Peer[] = [bun, denoCoalesced, denoLoop, ws, socketIo, fastApi];
