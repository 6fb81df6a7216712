import { readCredentials } from "../auth/credentials.ts";
import { Connection } from "../socket/connection.ts";
import { PlainConnection } from "../socket/plain_connection.ts";
import type { Addresses } from "../socket/addresses.ts";
import type { ConnectionServices } from "../socket/services.ts";
import { SUBPROTOCOL } from "../wire/protocol.ts";
import { problem } from "./problem.ts";

/** Browsers and `ws` speak no other version of the protocol (RFC 6455, 4.4). */
const WEBSOCKET_VERSION = "13";

const RETRY_LATER = { "retry-after": "10" };

/** Answers `GET /ws`: a connection of the mode that was asked for, or why there is none. `address` is what the limits on open sockets and waiting bytes go by. */
export function upgrade(
  request: Request,
  address: string,
  addresses: Addresses,
  services: ConnectionServices,
): Response {
  const refusal = refuse(request);
  if (refusal) return refusal;
  const spent = services.pressure.refuses(address);
  if (spent) {
    const whose = spent === "address" ? "Your address holds" : "The server holds";
    return problem(
      spent === "address" ? 429 : 503,
      spent === "address" ? "too_many" : "unavailable",
      `${whose} all that may wait for connections that do not read, some of them yours`,
      RETRY_LATER,
    );
  }
  if (!addresses.take(address)) {
    const detail = "Your address holds as many connections as it may";
    return problem(429, "too_many", detail, RETRY_LATER);
  }
  // All that is needed of the request is read before the upgrade: afterwards it is dead.
  const credentials = readCredentials(request, { username: services.config.auth === "open" });
  const query = new URL(request.url).searchParams;
  const plain = subprotocols(request).length === 0;
  if (!plain) offerOnlyOurs(request);
  try {
    const { socket, response } = Deno.upgradeWebSocket(request, {
      protocol: plain ? undefined : SUBPROTOCOL,
      idleTimeout: Number.isFinite(services.config.idleTimeoutS) ? services.config.idleTimeoutS : 0,
    });
    // Deno 2.9.6 tells some sockets' close twice.
    socket.addEventListener("close", () => addresses.give(address), { once: true });
    if (plain) {
      new PlainConnection(socket, credentials, query, services, address);
    } else {
      new Connection(socket, credentials, services, address);
    }
    return response;
  } catch (error) {
    addresses.give(address);
    const detail = error instanceof Error ? error.message : String(error);
    return problem(400, "bad_request", `The upgrade is not a valid one: ${detail}`);
  }
}

function refuse(request: Request): Response | undefined {
  const { headers } = request;
  if (headers.get("upgrade")?.toLowerCase() !== "websocket") {
    return problem(
      426,
      "bad_request",
      "This path speaks WebSocket: the request asks for no upgrade",
      {
        upgrade: "websocket",
        connection: "Upgrade",
      },
    );
  }
  const version = headers.get("sec-websocket-version");
  if (version !== WEBSOCKET_VERSION) {
    return problem(
      426,
      "bad_request",
      `The WebSocket version must be ${WEBSOCKET_VERSION}: it is ${version}`,
      {
        "sec-websocket-version": WEBSOCKET_VERSION,
      },
    );
  }
  const offered = subprotocols(request);
  return offered.length === 0 || offered.includes(SUBPROTOCOL) ? undefined : problem(
    400,
    "bad_request",
    `The only subprotocol is "${SUBPROTOCOL}": none of those offered is it`,
  );
}

/**
 * Leaves nothing in the way of the subprotocol that was chosen: the upgrade does not find it in a list without a space after each
 * comma (Deno 2.9.6), and its answer can be given no header of ours (Deno 2.5.0).
 */
function offerOnlyOurs(request: Request): void {
  const headers = new Headers(request.headers);
  headers.set("sec-websocket-protocol", SUBPROTOCOL);
  Object.defineProperty(request, "headers", { value: headers });
}

function subprotocols(request: Request): string[] {
  const offered = request.headers.get("sec-websocket-protocol") ?? "";
  return offered.split(",").map((subprotocol) => subprotocol.trim()).filter((one) => one !== "");
}
