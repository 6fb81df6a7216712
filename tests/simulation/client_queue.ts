import type { ChangeCommand } from "../../lib/wire/protocol.ts";

/** How long a client waits where the server names no time, in milliseconds. */
const RETRY_MS = 1_000;

/** A command on its way to the server. Its `ref` is its name in all attempts. */
export interface Outgoing {
  readonly ref: string;
  readonly command: ChangeCommand;
  /** How often it was sent. */
  attempts: number;
  underWay: boolean;
}

/** The commands of a client in one room that the server has not answered, in order. */
export class ClientQueue {
  readonly #items: Outgoing[] = [];
  readonly #window: number;
  #heldUntil = 0;

  /**
   * At most `window` commands are under way at a time. With more than one, the first may come to nothing and the second
   * be taken, and the order is lost.
   */
  constructor(window: number) {
    this.#window = window;
  }

  /** Whether everything was answered. */
  get empty(): boolean {
    return this.#items.length === 0;
  }

  /** Until when nothing is to be sent, in milliseconds since 1970. */
  get heldUntil(): number {
    return this.#heldUntil;
  }

  /** Adds a command at the end. */
  add(ref: string, command: ChangeCommand): void {
    this.#items.push({ ref, command, attempts: 0, underWay: false });
  }

  /** The commands to send now, which then are under way. */
  take(now: number): Outgoing[] {
    if (now < this.#heldUntil) return [];
    const taken = this.#items.slice(0, this.#window).filter(({ underWay }) => !underWay);
    for (const item of taken) {
      item.underWay = true;
      item.attempts++;
    }
    return taken;
  }

  /** Takes out a command that was answered for good. */
  remove(ref: string): Outgoing | undefined {
    const index = this.#items.findIndex((item) => item.ref === ref);
    return index < 0 ? undefined : this.#items.splice(index, 1)[0];
  }

  /** Takes the answer that nobody knows what became of a command: it and all that wait behind it are held for a while. */
  hold(ref: string, now: number, retryAfterMs = RETRY_MS): void {
    const item = this.#items.find((item) => item.ref === ref);
    if (!item) return;
    item.underWay = false;
    this.#heldUntil = now + retryAfterMs;
  }

  /** Notes that the connection was lost: what was under way is to be sent again. */
  interrupt(): void {
    for (const item of this.#items) item.underWay = false;
    this.#heldUntil = 0;
  }
}
