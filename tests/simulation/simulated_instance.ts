import type { Tokens } from "../../lib/auth/tokens.ts";
import { Appender } from "../../lib/chat/appender.ts";
import { Changes } from "../../lib/chat/changes.ts";
import { Heartbeat } from "../../lib/chat/heartbeat.ts";
import { Directs } from "../../lib/chat/directs.ts";
import { Lobby } from "../../lib/chat/lobby.ts";
import { News } from "../../lib/chat/news.ts";
import { Presence } from "../../lib/chat/presence.ts";
import { ReadMarkers } from "../../lib/chat/read_markers.ts";
import { Tick } from "../../lib/chat/tick.ts";
import { type Config, readConfig } from "../../lib/config.ts";
import type { Logger } from "../../lib/log.ts";
import { Meter } from "../../lib/meter.ts";
import type { User } from "../../lib/model/user.ts";
import { Allowances } from "../../lib/socket/allowances.ts";
import { Connection } from "../../lib/socket/connection.ts";
import { Connections } from "../../lib/socket/connections.ts";
import { Pressure } from "../../lib/socket/pressure.ts";
import type { ConnectionServices } from "../../lib/socket/services.ts";
import { type Store, StoreUnavailableError } from "../../lib/store/store.ts";
import { CLOSE } from "../../lib/wire/codes.ts";
import type { Faults } from "./faults.ts";
import { Gate } from "./gate.ts";
import type { Carrier } from "./simulated_link.ts";
import { SimulatedSocket, type SocketHandlers } from "./simulated_socket.ts";
import type { Line } from "./truth.ts";
import type { World } from "./world.ts";

/** How long a turn of the event loop takes at most, in milliseconds. */
const TURN_MS = 2;
/** How long sockets that were closed may take to say so, in milliseconds. */
const CLOSING_MS = 2_000;

/** One real instance without its HTTP server: wired as `lib/app.ts` wires it, over a simulated store, link and sockets. */
export class SimulatedInstance {
  /** Its name among the instances of the store. */
  readonly name: string;
  /** Its open rooms. */
  readonly lobby: Lobby;
  /** The store as it sees it. */
  readonly store: Store;
  readonly #world: World;
  readonly #gate: Gate;
  readonly #storeLine: Line;
  readonly #services: ConnectionServices;
  readonly #presence: Presence;
  readonly #heartbeat: Heartbeat;
  readonly #sockets = new Set<SimulatedSocket>();
  #sweeper: ReturnType<typeof setInterval> | undefined;
  #listens = false;

  /** It begins only when it is started. */
  constructor(world: World, name: string) {
    this.name = name;
    this.#world = world;
    this.#gate = new Gate(world.clock);
    this.#storeLine = world.truth.line(world, name, this.#gate);
    const store = this.store = this.#storeLine.store;

    const { clock, faults, random, trace } = world;
    const config = simulatedConfig(faults);
    const tick = new Tick((flush) => clock.after(random.small(TURN_MS), flush));
    const meter = new Meter();
    const appender = new Appender({
      store,
      tick,
      meter,
      onFailure: (error) => FAILING_LOG.error("The store failed", { error }),
    });
    const connections = new Connections(meter);
    const news = new News(store);
    const readMarkers = new ReadMarkers(store);
    const directs = new Directs(store);
    const lobby: Lobby = this.lobby = new Lobby({
      instance: name,
      store,
      appender,
      tick,
      meter,
      historySize: config.historyInMemory,
      maxReplay: config.maxReplay,
      directs,
      news,
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
    const presence = this.#presence = new Presence({
      instance: name,
      store,
      onMoved: (moves) => lobby.moved(moves),
      onNameLost: (userId) => connections.closeUser(userId, CLOSE.nameTaken, "name lost"),
    });
    const heartbeat: Heartbeat = this.#heartbeat = new Heartbeat({
      instance: name,
      store,
      rooms: () => [...new Set([...lobby.names, ...news.rooms])],
      onPulse: async (pulse) => {
        trace.note(`${name} pulse ${pulse.held} ${JSON.stringify(pulse.gone)}`);
        lobby.moved(pulse.gone);
        for (const userId of pulse.takenOver) connections.takeOver(userId);
        await Promise.all([lobby.take(pulse), presence.catchUp(pulse.held)]);
      },
      onMissed: expectUnavailable,
    });
    this.#services = {
      config,
      instance: name,
      version: "0.0.0",
      log: FAILING_LOG,
      meter,
      key: new Uint8Array(),
      tokens: TOKENS,
      store,
      directs,
      news,
      readMarkers,
      lobby,
      presence,
      changes: new Changes(config.maxMessageChars, () => messageId(world)),
      tick,
      allowances: new Allowances(config.messageBurst, config.messagesPerSecond),
      connections,
      pressure: new Pressure({ bytesPerAddress: Infinity, bytes: Infinity, meter }),
    };
  }

  /** Whether clients may come. */
  get listens(): boolean {
    return this.#listens;
  }

  /** Begins, perhaps in the place of an instance that ended without a word. */
  async start(carrier: Carrier, predecessor?: string): Promise<void> {
    if (predecessor !== undefined) {
      await this.store.expire(predecessor, this.#graceMs).catch(expectUnavailable);
    }
    await this.lobby.connect(carrier.opener(this.#gate));
    await this.#heartbeat.beat();
    this.#sweeper = setInterval(() => this.lobby.sweep(), this.#world.faults.sweepMs);
    this.#listens = true;
  }

  /** Opens a socket for a client. */
  connect(user: User, handlers: SocketHandlers): SimulatedSocket {
    const socket = new SimulatedSocket(this.#world, this.#gate, handlers);
    this.#sockets.add(socket);
    this.#world.clock.after(this.#world.faults.socketMs(), () => {
      if (this.#gate.locked) return socket.break();
      this.#gate.pass(() => {
        if (!this.#listens) return socket.break();
        const token = JSON.stringify(user);
        new Connection(socket.serverEnd(), { kind: "token", token }, this.#services, "");
        socket.open();
      });
    });
    return socket;
  }

  /** Loses the store for a while. */
  cutOff(ms: number): void {
    this.#storeLine.cut = true;
    this.#world.clock.after(ms, () => this.#storeLine.cut = false);
  }

  /** Stands still for a while. */
  pause(ms: number): void {
    this.#gate.shut();
    this.#world.clock.after(ms, () => this.#gate.open());
  }

  /** Ends without a word. */
  die(): void {
    this.#listens = false;
    this.#gate.lock();
    this.#storeLine.end?.();
    for (const socket of this.#sockets) socket.break();
    clearInterval(this.#sweeper);
    // Only for the sake of its timers: nothing of this crosses its border any more.
    this.#heartbeat.close();
    this.#presence.close();
    this.#services.readMarkers.close();
    this.#services.news.close();
    this.lobby.close();
  }

  /** Goes away in order. */
  async close(): Promise<void> {
    const { connections, news, readMarkers, tick } = this.#services;
    this.#listens = false;
    clearInterval(this.#sweeper);
    const lastReturnMs = connections.dismissAll();
    await this.#heartbeat.close();
    await this.#presence.close();
    await readMarkers.close();
    news.close();
    await this.store.expire(this.name, lastReturnMs + this.#graceMs).catch(expectUnavailable);
    await new Promise<void>((resolve) => this.#world.clock.after(CLOSING_MS, resolve));
    tick.flush();
    await this.lobby.close();
    await this.store.close();
  }

  get #graceMs(): number {
    return this.#services.config.graceS * 1000;
  }
}

/** The defaults, but for how much of a room is held, and without limits that count by the real clock. */
function simulatedConfig({ historyOnJoin, historyInMemory, maxReplay }: Faults): Config {
  const unlimited = readConfig(
    (name) => name.startsWith("PARLEY_MESSAGE") ? "0" : undefined,
    { cpus: 1 },
  );
  return { ...unlimited, historyOnJoin, historyInMemory, maxReplay };
}

/** Real tokens are made on another thread, and nobody knows when those are done. */
const TOKENS: Tokens = {
  sign: (user) => Promise.resolve(JSON.stringify(user)),
  verify: (token) => Promise.resolve({ user: JSON.parse(token), guest: false }),
};

const FAILING_LOG: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: (_, fields) => expectUnavailable(fields?.error),
};

function expectUnavailable(error: unknown): void {
  if (!(error instanceof StoreUnavailableError)) throw error;
}

/** As long as a ULID, and as little to be put in order by. */
function messageId({ random }: World): string {
  const part = () => random.integer(0, 2 ** 52 - 1).toString(16).padStart(13, "0");
  return (part() + part()).toUpperCase();
}
