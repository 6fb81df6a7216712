/** One who is in a room. */
export interface Member {
  readonly socket: WebSocket;
  /** What is theirs alone of this turn: it leaves in front of what the room is told. */
  replies: string[];
}

// Under a flood `setImmediate` comes late: a batch that is this large does not wait for it.
const MAX_EVENTS = 256;
const MAX_CHARS = 64 * 1024;

/** A room whose events of one turn of the event loop leave as one frame a member. */
export class Room {
  readonly members = new Set<Member>();
  seq = 0;
  #events: string[] = [];
  #chars = 0;
  #scheduled = false;

  /** Tells everybody of an encoded event at the end of the turn. */
  add(event: string): void {
    this.#events.push(event);
    this.#chars += event.length;
    if (this.#events.length >= MAX_EVENTS || this.#chars >= MAX_CHARS) return this.#flush();
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#events.length === 0) return;
    const events = this.#events.join(",");
    const frame = `[${events}]`;
    this.#events = [];
    this.#chars = 0;
    for (const { socket, replies } of this.members) {
      if (socket.readyState !== WebSocket.OPEN) continue;
      if (replies.length === 0) {
        socket.send(frame);
      } else {
        socket.send(`[${replies.join(",")},${events}]`);
        replies.length = 0;
      }
    }
  }
}
