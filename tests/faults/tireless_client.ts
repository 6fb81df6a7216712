import { assert } from "@std/assert";
import {
  type ChangeCommand,
  type Command,
  type Event,
  SUBPROTOCOL,
  TOKEN_SUBPROTOCOL,
} from "../../lib/wire/protocol.ts";
import { comesBack } from "../../lib/wire/codes.ts";
import { ClientQueue } from "../simulation/client_queue.ts";
import { ClientRoom } from "../simulation/client_room.ts";
import type { Random } from "../simulation/random.ts";
import type { RestartingServer } from "./restarting_server.ts";

/** The room in which it all happens. */
export const ROOM = "general";

const EMOJI = ["👍", "🎉", "❤️"];
/** How long a client may take to come back, in milliseconds. */
const MAX_RETURN_MS = 20;
/** Of how many of its newest messages a client picks one to change. */
const NEWEST = 20;

/** What a client asked for, and what became of it. */
export interface Asked {
  readonly command: ChangeCommand;
  /** How often it was sent. */
  attempts: number;
  /** The acknowledgement, or that there is no such message any more. */
  answer?: { readonly id: string; readonly seq: number } | "not_found";
}

/**
 * A client that sends without pause, several commands at a time, and sends again in order what was not acknowledged
 * when it lost its connection.
 */
export class TirelessClient {
  /** All that it ever asked for, in order, by `ref`; the `ref` of a send is its nonce too. */
  readonly asked = new Map<string, Asked>();
  /** The room as it knows it. */
  readonly room: ClientRoom;
  readonly #server: RestartingServer;
  readonly #random: Random;
  readonly #window: number;
  readonly #queue: ClientQueue;
  readonly #token: string;
  readonly #own: string[] = [];
  readonly #failed = Promise.withResolvers<never>();
  readonly #drained = Promise.withResolvers<void>();
  readonly #entered = Promise.withResolvers<void>();
  #newest: string | undefined;
  #unanswered = 0;
  #tired = true;
  #socket: WebSocket | undefined;

  private constructor(
    server: RestartingServer,
    random: Random,
    readonly user: { readonly id: string; readonly name: string },
    token: string,
  ) {
    this.#server = server;
    this.#random = random;
    this.#window = random.integer(2, 6);
    this.#queue = new ClientQueue(this.#window);
    this.#token = token;
    this.room = new ClientRoom(user.id);
    this.#failed.promise.catch(() => {});
  }

  /** Takes a name, and enters the room. */
  static async start(server: RestartingServer, name: string, random: Random) {
    const response = await fetch(`${server.url}/api/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name }),
    });
    assert(response.ok, `${name} cannot sign in: ${response.status}`);
    const { user, token } = await response.json();
    const client = new TirelessClient(server, random, user, token);
    client.#connect();
    await Promise.race([client.#entered.promise, client.#failed.promise]);
    return client;
  }

  /** Begins to ask: once all are in, so that each holds the room from its first message. */
  begin(): void {
    this.#tired = false;
    this.#pump();
  }

  /** Asks for nothing more, and resolves when all was answered. Rejects if anything was not as promised. */
  finish(): Promise<void> {
    this.#tired = true;
    this.#drainIfEmpty();
    return Promise.race([this.#drained.promise, this.#failed.promise]);
  }

  /** Leaves for good. */
  leave(): void {
    if (this.#socket) this.#socket.onclose = null;
    this.#socket?.close();
  }

  #connect(): void {
    const protocols = [SUBPROTOCOL, TOKEN_SUBPROTOCOL + this.#token];
    const socket = new WebSocket(this.#server.ws, protocols);
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      try {
        for (const event of [JSON.parse(data)].flat()) this.#hear(event);
      } catch (error) {
        this.#failed.reject(error);
      }
    };
    socket.onerror = (event) => event.preventDefault();
    socket.onclose = ({ code }) => this.#return(code);
  }

  async #return(code: number): Promise<void> {
    if (!comesBack(code)) this.#failed.reject(new Error(`${this.user.name} was closed: ${code}`));
    this.#queue.interrupt();
    await this.#server.up;
    setTimeout(() => this.#connect(), this.#random.integer(0, MAX_RETURN_MS));
  }

  #hear(event: Event): void {
    switch (event.type) {
      case "welcome":
        return this.#send({ type: "join", room: ROOM, since: this.room.since });
      case "joined":
        assert(event.recovered || !this.room.since, `${this.user.name} was not brought up to date`);
        this.room.enter(event);
        this.#entered.resolve();
        return this.#pump();
      case "ack":
        return this.#settle(String(event.ref), { id: event.id, seq: event.seq });
      case "error":
        assert(event.code === "not_found", `${this.user.name} was refused: ${event.message}`);
        return this.#settle(String(event.ref), "not_found");
      case "chat_message":
        this.#newest = event.id;
        return this.room.apply(event);
      case "message_edited":
      case "message_deleted":
      case "reaction":
        return this.room.apply(event);
    }
  }

  #settle(ref: string, answer: NonNullable<Asked["answer"]>): void {
    const asked = this.asked.get(ref)!;
    assert(asked.answer === undefined, `${ref} was answered twice`);
    asked.answer = answer;
    if (asked.command.type === "send" && answer !== "not_found") this.#own.push(answer.id);
    this.#queue.remove(ref);
    this.#unanswered--;
    this.#drainIfEmpty();
    this.#pump();
  }

  #drainIfEmpty(): void {
    if (this.#tired && this.#unanswered === 0) this.#drained.resolve();
  }

  #pump(): void {
    while (!this.#tired && this.#unanswered < this.#window) this.#ask();
    for (const { ref, command, attempts } of this.#queue.take(Date.now())) {
      this.asked.get(ref)!.attempts = attempts;
      this.#send(command);
    }
  }

  #ask(): void {
    const ref = `${this.user.name} ${this.asked.size}`;
    const command = { ...this.#think(ref), ref };
    this.asked.set(ref, { command, attempts: 0 });
    this.#queue.add(ref, command);
    this.#unanswered++;
  }

  #think(ref: string): ChangeCommand {
    const random = this.#random;
    const deed = random.next();
    const own = this.#own.slice(-NEWEST);
    if (deed < 0.12 && own.length > 0) {
      return { type: "edit", room: ROOM, id: random.pick(own), text: `${ref}, better` };
    }
    if (deed < 0.16 && own.length > 0) {
      const [id] = this.#own.splice(this.#own.indexOf(random.pick(own)), 1);
      return { type: "delete", room: ROOM, id: id! };
    }
    if (deed < 0.3 && this.#newest !== undefined) {
      const id = random.pick([this.#newest, ...own]);
      return { type: "react", room: ROOM, id, emoji: random.pick(EMOJI), on: random.chance(0.7) };
    }
    return { type: "send", room: ROOM, text: ref, nonce: ref };
  }

  #send(command: Command): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(command));
  }
}
