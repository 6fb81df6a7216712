import "./timers.ts";
import { monotonicUlid } from "@std/ulid";
import { fileURLToPath } from "node:url";
import manifest from "../deno.json" with { type: "json" };
import { createTokens, tokenKey } from "./auth/tokens.ts";
import { Appender } from "./chat/appender.ts";
import { Changes } from "./chat/changes.ts";
import { Directs } from "./chat/directs.ts";
import { Heartbeat } from "./chat/heartbeat.ts";
import { Janitor } from "./chat/janitor.ts";
import { Lobby } from "./chat/lobby.ts";
import { News } from "./chat/news.ts";
import { Presence } from "./chat/presence.ts";
import { ReadMarkers } from "./chat/read_markers.ts";
import { Tick } from "./chat/tick.ts";
import type { Config } from "./config.ts";
import { openEngine } from "./engine.ts";
import { readPeer } from "./http/address.ts";
import { type ApiContext, apiRoutes } from "./http/api.ts";
import { eventRoute } from "./http/events.ts";
import { createMetrics } from "./http/metrics.ts";
import { problem } from "./http/problem.ts";
import { createReleaseFiles } from "./http/release_files.ts";
import { createRouter, type Route, route } from "./http/router.ts";
import { createGuard } from "./http/security.ts";
import { createStaticFiles } from "./http/static_files.ts";
import { upgrade } from "./http/upgrade.ts";
import { Health } from "./health.ts";
import { createLogger } from "./log.ts";
import { Meter } from "./meter.ts";
import { Addresses } from "./socket/addresses.ts";
import { Allowances } from "./socket/allowances.ts";
import { Connections } from "./socket/connections.ts";
import { Pressure } from "./socket/pressure.ts";
import type { ConnectionServices } from "./socket/services.ts";
import { CLOSE } from "./wire/codes.ts";

/** How often what is idle is forgotten, in milliseconds. */
const SWEEP_MS = 60_000;
/** How long sockets that were closed may take to say so, in milliseconds. */
const CLOSING_MS = 2_000;

/** The files of the page. */
const STATIC = fileURLToPath(new URL("../static", import.meta.url));

/** What an instance is given by the one that starts it. */
export interface AppOptions {
  /** Its name among the instances of the store. */
  readonly instance?: string;
  /** An instance that ended without a word, and whose place this one takes. */
  readonly predecessor?: string;
  /** Where the process's SQLite Worker listens, if this isolate did not start it. */
  readonly storePort?: MessagePort | Promise<MessagePort>;
}

/** One instance of Parley. */
export interface App {
  /** Answers a request: what `Deno.serve` wants. Without `info` the request counts as one from this machine. */
  fetch(request: Request, info?: Deno.ServeHandlerInfo): Promise<Response>;
  /** Says at `/readyz` that it goes away, and serves on for `config.drainS`: resolves when it is time to close. */
  drain(): Promise<void>;
  /** Sends everyone away, each with a time to come back, and lets go of everything. */
  close(): Promise<void>;
}

/**
 * Wires an instance together.
 *
 * Rejects with an error of one sentence for the person who runs it when the store cannot be opened.
 */
export async function createApp(config: Config, options: AppOptions = {}): Promise<App> {
  const { instance = crypto.randomUUID().slice(0, 8), predecessor, storePort } = options;
  const log = createLogger(config.log, { fields: { instance } });
  const [files, { store, openLink, warning }] = await Promise.all([
    config.freshFiles ? createStaticFiles(STATIC) : createReleaseFiles(STATIC),
    openEngine(config, instance, { log, storePort }),
  ]);
  if (warning !== undefined) log.warn(warning);
  const graceMs = config.graceS * 1000;
  if (predecessor !== undefined) await store.expire(predecessor, graceMs);

  const health = new Health({ log, onDoubt: () => heartbeat.beat() });
  const tick = new Tick();
  const meter = new Meter();
  const appender = new Appender({
    store,
    onStored: () => health.stored(),
    onUnavailable: (error) => health.failed(error),
    tick,
    meter,
    onFailure: (error) => log.error("The store failed", { error }),
  });
  const connections = new Connections(meter);
  const pressure = new Pressure({
    bytesPerAddress: config.bufferBytesPerAddress,
    bytes: config.bufferBytes,
    meter,
  });
  const directs = new Directs(store);
  const news = new News(store);
  const readMarkers = new ReadMarkers(store);
  const lobby: Lobby = new Lobby({
    instance,
    store,
    appender,
    tick,
    meter,
    historySize: config.historyInMemory,
    maxReplay: config.maxReplay,
    news,
    directs,
    onTakenOver: (userIds) => {
      // Nobody here is theirs, as a rule: a plain connection says so of each name that it comes with.
      if (userIds.some((userId) => connections.of(userId).length > 0)) heartbeat.beat();
    },
    onRead: ({ userId, room, seq }) => {
      for (const connection of connections.of(userId)) connection.hearRead(room, seq);
    },
    onDirect: (direct) => connections.introduce(direct),
    onReplaced: () => connections.closeAll(CLOSE.restarted, "the log was replaced"),
    onDoubt: () => heartbeat.beat(),
  });
  const presence = new Presence({
    instance,
    store,
    onMoved: (moves) => lobby.moved(moves),
    onNameLost: (userId) =>
      connections.closeUser(userId, CLOSE.nameTaken, "somebody else holds this name by now"),
  });
  const heartbeat: Heartbeat = new Heartbeat({
    instance,
    store,
    rooms: () => [...new Set([...lobby.names, ...news.rooms])],
    onPulse: async (pulse) => {
      health.answered();
      lobby.moved(pulse.gone);
      for (const userId of pulse.takenOver) connections.takeOver(userId);
      await Promise.all([lobby.take(pulse), presence.catchUp(pulse.held)]);
    },
    onMissed: (error) => health.missed(error),
  });
  const [key] = await Promise.all([tokenKey(config.secret, store), lobby.connect(openLink)]);
  const services: ConnectionServices = {
    config,
    instance,
    version: manifest.version,
    log,
    meter,
    key,
    tokens: createTokens(key),
    store,
    news,
    directs,
    readMarkers,
    lobby,
    presence,
    changes: new Changes(config.maxMessageChars, monotonicUlid),
    tick,
    allowances: new Allowances(config.messageBurst, config.messagesPerSecond),
    connections,
    pressure,
  };

  await heartbeat.beat();
  const janitor = new Janitor({
    store,
    days: config.retentionDays,
    perRoom: config.retentionMessages,
    onFailure: (error) => log.warn("Old messages could not be removed", { error }),
  });
  const sweeper = setInterval(() => {
    lobby.sweep();
    services.allowances.sweep();
  }, SWEEP_MS);

  const sockets = new Addresses(config.connectionsPerAddress);
  const fetch = createFetch(services, sockets, health, { files, warning });
  let closing: Promise<void> | undefined;

  async function drain(): Promise<void> {
    health.leave();
    await new Promise((resolve) => setTimeout(resolve, config.drainS * 1000));
  }

  async function close(): Promise<void> {
    health.leave();
    clearInterval(sweeper);
    // Within the turn in which it is asked for: the server that is ended beside this closes sockets without a word.
    const lastReturnMs = connections.dismissAll();
    await Promise.all([heartbeat.close(), janitor.close()]);
    await presence.close();
    await readMarkers.close();
    news.close();
    // People who were sent away are expected back, here or elsewhere: their places are held until then.
    await store.expire(instance, lastReturnMs + graceMs).catch(() => {});
    await sockets.emptied(CLOSING_MS);
    pressure.close();
    tick.flush();
    await lobby.close();
    await store.close();
  }

  return { fetch, drain, close: () => closing ??= close() };
}

function createFetch(
  services: ConnectionServices,
  sockets: Addresses,
  health: Health,
  { files, warning }: {
    readonly files: (request: Request) => Promise<Response>;
    readonly warning: string | undefined;
  },
): App["fetch"] {
  const { config, instance, lobby, log, meter } = services;
  const guard = createGuard(config.origins);
  const routes: Route<ApiContext>[] = [
    route("GET", "/ws", (request, { peer }) => upgrade(request, peer.block, sockets, services)),
    route("GET", "/healthz", () => Response.json({ status: "ok" })),
    route(
      "GET",
      "/readyz",
      () =>
        health.ready ? Response.json({ status: "ready", warning }) : problem(
          503,
          "unavailable",
          "The store does not answer or take messages, or the server goes away",
        ),
    ),
    route("GET", "/metrics", createMetrics(instance, meter, () => lobby.names.length)),
    ...apiRoutes(services),
    eventRoute(services, sockets),
    // The address of a message: the page itself finds what it names.
    route(
      "GET",
      "/r/:room",
      (request) => files(new Request(new URL("/", request.url), request)),
    ),
  ];
  const router = createRouter(routes, { log, otherwise: files });
  return (request, info) => {
    const remote = info?.remoteAddr.transport === "tcp" ? info.remoteAddr.hostname : "127.0.0.1";
    const peer = readPeer(request, remote, config.trustedProxies);
    return guard(request, peer.https, () => router(request, { peer }));
  };
}
