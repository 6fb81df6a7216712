import { SUBPROTOCOL } from "../../lib/wire/protocol.ts";

const TEXT = "A line of talk, about as long as people write one in a chat.";
/** An acknowledgement in a frame: no text can look like one, since its quotation marks would be escaped. */
const ACK = /"type":"ack","ref":(\d+)/g;
/** How often a paced load sends what is due, in milliseconds. */
const PACE_MS = 2;

/** How people send. */
export interface Load {
  /** How many they are. */
  readonly senders: number;
  /** How many of them share a room. */
  readonly perRoom: number;
  /** How many messages each has under way: as soon as one is acknowledged, the next one is sent. */
  readonly window?: number;
  /** Or how many all of them send in a second, whatever becomes of them. */
  readonly perSecond?: number;
}

/** What became of it. */
export interface Outcome {
  /** How many messages were acknowledged in a second. */
  readonly perSecond: number;
  /** How long each acknowledgement took, in milliseconds. */
  readonly ackMs: readonly number[];
}

/** One of those who send. */
interface Sender {
  readonly socket: WebSocket;
  /** What each of their commands begins with: only the end of it changes. */
  readonly opening: string;
}

/** Many people who send, each on a socket of their own. */
export class Senders implements Disposable {
  readonly #load: Load;
  readonly #senders: Sender[] = [];
  /** When each message that is under way was sent, by its `ref`. */
  readonly #sentAt = new Map<number, number>();
  #refs = 0;
  #ackMs: number[] = [];
  #pacing: ReturnType<typeof setInterval> | undefined;

  private constructor(load: Load) {
    this.#load = load;
  }

  /** Lets them all join. */
  static async join(ws: string, load: Load): Promise<Senders> {
    const senders = new Senders(load);
    for (let index = 0; index < load.senders; index++) {
      const room = `room-${Math.floor(index / load.perRoom)}`;
      senders.#senders.push(await senders.#enter(`${ws}?username=Sender-${index}`, room));
    }
    return senders;
  }

  /** Lets them begin. */
  start(): void {
    const { window = 0, perSecond } = this.#load;
    for (const sender of this.#senders) {
      for (let count = 0; count < window; count++) this.#send(sender);
    }
    if (perSecond !== undefined) this.#pace(perSecond);
  }

  /** Lets them go on for a while and tells what came of it. */
  async measure(ms: number): Promise<Outcome> {
    this.#ackMs = [];
    const begunAt = performance.now();
    await new Promise((resolve) => setTimeout(resolve, ms));
    const ackMs = this.#ackMs;
    return { ackMs, perSecond: ackMs.length / (performance.now() - begunAt) * 1000 };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#pacing);
    for (const { socket } of this.#senders) {
      socket.onmessage = null;
      socket.close();
    }
  }

  #enter(url: string, room: string): Promise<Sender> {
    const socket = new WebSocket(url, [SUBPROTOCOL]);
    const sender = { socket, opening: `{"type":"send","room":"${room}","text":"${TEXT}","ref":` };
    const { promise, resolve, reject } = Promise.withResolvers<Sender>();
    socket.onclose = ({ code }) => reject(new Error(`A sender was closed: ${code}`));
    socket.onopen = () => socket.send(JSON.stringify({ type: "join", room }));
    socket.onmessage = ({ data }) => {
      if (!data.includes('"type":"joined"')) return;
      socket.onmessage = ({ data }) => this.#hear(sender, data);
      resolve(sender);
    };
    return promise;
  }

  #hear(sender: Sender, frame: string): void {
    // Replies come first in a frame: most frames hold none, and need not be looked through.
    if (!frame.startsWith('"type":"ack"', 1) && !frame.startsWith('"type":"ack"', 2)) return;
    const now = performance.now();
    for (const [, ref] of frame.matchAll(ACK)) {
      const id = Number(ref);
      this.#ackMs.push(now - this.#sentAt.get(id)!);
      this.#sentAt.delete(id);
      if (this.#load.window) this.#send(sender);
    }
  }

  #pace(perSecond: number): void {
    const begunAt = performance.now();
    let sent = 0;
    this.#pacing = setInterval(() => {
      const due = (performance.now() - begunAt) / 1000 * perSecond;
      for (; sent < due; sent++) {
        this.#send(this.#senders[sent % this.#senders.length]!);
      }
    }, PACE_MS);
  }

  #send({ socket, opening }: Sender): void {
    const ref = this.#refs++;
    this.#sentAt.set(ref, performance.now());
    socket.send(`${opening}${ref},"nonce":"${ref}-of-a-sender"}`);
  }
}
