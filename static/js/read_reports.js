// @ts-check

/** How often the server is told of the same person's reading at the most, in milliseconds. */
const EVERY_MS = 1_000;

/** Tells the server how far the person has read: the latest word of each room, now and then. */
export class ReadReports {
  /** @type {Map<string, number>} */
  #waiting = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #send;

  /** @param {(room: string, seq: number) => boolean} send answers whether there was a connection */
  constructor(send) {
    this.#send = send;
  }

  /**
   * Notes that the person has read a room up to a place.
   *
   * @param {string} room
   * @param {number} seq
   */
  note(room, seq) {
    this.#waiting.set(room, seq);
    if (this.#timer === undefined) this.flush();
  }

  /** Tells what waits; without a connection it waits on. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const sent = [...this.#waiting].filter(([room, seq]) => this.#send(room, seq));
    for (const [room] of sent) this.#waiting.delete(room);
    if (sent.length > 0) this.#timer = setTimeout(() => this.flush(), EVERY_MS);
  }

  /** Lets go of the timer. */
  stop() {
    clearTimeout(this.#timer);
  }
}
