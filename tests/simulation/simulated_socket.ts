import type { Gate } from "./gate.ts";
import type { World } from "./world.ts";

/** How long it may take until somebody notices that a connection broke, in milliseconds. */
const NOTICED_WITHIN_MS = 3_000;

/** What a client hears of its socket. */
export interface SocketHandlers {
  /** A frame came. */
  onFrame(frame: string): void;
  /** It is over, with a close code. */
  onClosed(code: number): void;
}

/** One direction of a socket: frames arrive late, in order, until it is cut. */
class Lane {
  readonly #world: World;
  #arrivesAt = 0;
  #cut = false;

  constructor(world: World) {
    this.#world = world;
  }

  carry(arrive: () => void): void {
    const { clock, faults } = this.#world;
    this.#arrivesAt = Math.max(this.#arrivesAt, clock.now + faults.socketMs());
    clock.after(this.#arrivesAt - clock.now, () => {
      if (!this.#cut) arrive();
    });
  }

  cut(): void {
    this.#cut = true;
  }
}

/** A WebSocket between a client and an instance, seen from both ends. */
export class SimulatedSocket {
  readonly #world: World;
  readonly #gate: Gate;
  readonly #handlers: SocketHandlers;
  readonly #toServer: Lane;
  readonly #toClient: Lane;
  readonly #listeners = new Map<string, (event: unknown) => void>();
  #readyState: number = WebSocket.CONNECTING;

  /** The server's end is the server's only once it is opened. */
  constructor(world: World, gate: Gate, handlers: SocketHandlers) {
    this.#world = world;
    this.#gate = gate;
    this.#handlers = handlers;
    this.#toServer = new Lane(world);
    this.#toClient = new Lane(world);
  }

  /** The server's end: what of a WebSocket the server uses. */
  serverEnd(): WebSocket {
    const readyState = () => this.#readyState;
    const end = {
      get readyState() {
        return readyState();
      },
      bufferedAmount: 0,
      addEventListener: (type: string, listener: (event: unknown) => void) =>
        this.#listeners.set(type, listener),
      send: (frame: string) =>
        this.#gate.pass(() => this.#toClient.carry(() => this.#handlers.onFrame(frame))),
      close: (code: number) => this.#closeFromServer(code),
    };
    return end as unknown as WebSocket;
  }

  /** Tells the server that its end is open. */
  open(): void {
    if (this.#readyState !== WebSocket.CONNECTING) return;
    this.#readyState = WebSocket.OPEN;
    this.#tellServer("open", {});
  }

  /** Sends a frame from the client. */
  send(frame: string): void {
    this.#toServer.carry(() => this.#gate.pass(() => this.#tellServer("message", { data: frame })));
  }

  /** The client closes it. */
  close(code: number): void {
    this.#toClient.cut();
    this.#toServer.carry(() => this.#gate.pass(() => this.#endAtServer(code)));
  }

  /** It breaks: what is on its way may be lost, and each end notices in its own time. */
  break(): void {
    const { clock, random } = this.#world;
    for (const lane of [this.#toServer, this.#toClient]) {
      clock.after(random.small(200), () => lane.cut());
    }
    clock.after(random.small(NOTICED_WITHIN_MS), () => {
      this.#toClient.cut();
      this.#handlers.onClosed(1006);
    });
    clock.after(random.small(NOTICED_WITHIN_MS), () =>
      this.#gate.pass(() => {
        this.#toServer.cut();
        this.#endAtServer(1006);
      }));
  }

  #closeFromServer(code: number): void {
    if (this.#readyState === WebSocket.CLOSED) return;
    this.#readyState = WebSocket.CLOSED;
    this.#gate.pass(() => this.#toClient.carry(() => this.#handlers.onClosed(code)));
  }

  #endAtServer(code: number): void {
    if (this.#readyState === WebSocket.CLOSED) return;
    this.#readyState = WebSocket.CLOSED;
    this.#tellServer("close", { code });
  }

  #tellServer(type: string, event: unknown): void {
    if (type === "message" && this.#readyState !== WebSocket.OPEN) return;
    this.#listeners.get(type)?.(event);
  }
}
