import { readCredentials } from "../auth/credentials.ts";
import { refused } from "../chat/outcome.ts";
import type { Addresses } from "../socket/addresses.ts";
import { EventStream } from "../socket/event_stream.ts";
import type { ConnectionServices } from "../socket/services.ts";
import type { Since } from "../wire/protocol.ts";
import type { ApiContext } from "./api.ts";
import { assertMay } from "./input.ts";
import { problem } from "./problem.ts";
import { Refusal, refusing } from "./refusal.ts";
import { type Route, route } from "./router.ts";

/** The route of a room's events: what happens in it, to whoever may read it, for as long as they listen. */
export function eventRoute(
  services: ConnectionServices,
  addresses: Addresses,
): Route<ApiContext> {
  return route(
    "GET",
    "/api/rooms/:room/events",
    refusing((request, { peer, params, url }) =>
      open(request, params.room!, url.searchParams, peer.block, addresses, services)
    ),
  );
}

async function open(
  request: Request,
  name: string,
  query: URLSearchParams,
  address: string,
  addresses: Addresses,
  services: ConnectionServices,
): Promise<Response> {
  const credentials = readCredentials(request, { username: false });
  const identity = credentials.kind === "token"
    ? await services.tokens.verify(credentials.token)
    : undefined;
  if (!identity) throw new Refusal(refused("unauthorized", "Sign in first: this needs a token"));
  await assertMay(services.directs, identity.user, "read", name);
  const since = readSince(request.headers.get("last-event-id") ?? query.get("since"));
  if (services.pressure.refuses(address) || !addresses.take(address)) {
    const detail = "Your address holds as many connections as it may";
    return problem(429, "too_many", detail, { "retry-after": "10" });
  }
  let stream: EventStream | undefined;
  try {
    const room = await services.lobby.open(name);
    const onGone = () => addresses.give(address);
    stream = new EventStream({ user: identity.user, room, address, services, onGone });
    await stream.begin(since);
  } catch (error) {
    if (stream) stream.giveUp();
    else addresses.give(address);
    throw error;
  }
  return new Response(stream.body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      // nginx would keep events back until its buffer is full.
      "x-accel-buffering": "no",
    },
  });
}

/** Reads the id of an event: where the reader stands. */
function readSince(id: string | null): Since | undefined {
  if (id === null || id === "") return undefined;
  const [, epoch, seq] = /^(.+):(\d{1,15})$/.exec(id) ?? [];
  if (epoch !== undefined) return { epoch, seq: Number(seq) };
  throw new Refusal(
    refused("bad_request", `The place must be "EPOCH:SEQ", the id of an event: it is "${id}"`),
  );
}
