const encoder = new TextEncoder();

const TEXT = 0x81;
const MASKED = 0x80;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
/** The bytes of a mask of nothing but zeros, which leaves a frame as it is: the server takes it off like any other. */
const MASK_BYTES = 4;

/** Puts text frames of a client one behind the other. */
export class FrameWriter {
  #bytes = new Uint8Array(64 * 1024);
  #length = 0;

  /** Adds a text frame. */
  text(text: string): void {
    // No character takes more than three bytes.
    this.#reserve(text.length * 3 + 16);
    let at = this.#length + 4 + MASK_BYTES;
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(at));
    if (written < 126) this.#bytes.copyWithin(at -= 2, at + 2, at + 2 + written);
    this.#head(TEXT, written);
    this.#length = at + written;
  }

  /** Adds the answer to a ping. */
  pong(payload: Uint8Array): void {
    this.#reserve(payload.length + 16);
    const at = this.#length + 2 + MASK_BYTES;
    this.#head(0x80 | PONG, payload.length);
    this.#bytes.set(payload, at);
    this.#length = at + payload.length;
  }

  /** What was added since it was last taken; it stands until the next is added. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return bytes;
  }

  #head(first: number, length: number): void {
    const bytes = this.#bytes;
    bytes[this.#length] = first;
    if (length < 126) bytes[this.#length + 1] = MASKED | length;
    else {
      bytes[this.#length + 1] = MASKED | 126;
      bytes[this.#length + 2] = length >> 8;
      bytes[this.#length + 3] = length & 0xff;
    }
    const mask = this.#length + (length < 126 ? 2 : 4);
    bytes.fill(0, mask, mask + MASK_BYTES);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array((this.#length + bytes) * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** What a {@linkcode FrameReader} tells of. */
export interface FrameEvents {
  /** The server wants to know whether somebody is there. */
  onPing(payload: Uint8Array): void;
  /** The server has asked by a text of its own protocol. */
  onKeepalive(): void;
  /** The server closes. */
  onClose(code: number): void;
}

/**
 * Walks from frame to frame of what a server sends, and takes out what is no message: pings and their like.
 *
 * What is left is the same for all members who are told the same, wherever the network cuts it.
 */
export class FrameReader {
  readonly #events: FrameEvents;
  readonly #keepalive: Uint8Array | undefined;
  /** How much of a frame is still to come. */
  #remaining = 0;
  /** A head, or a frame that is to be taken out, of which only the beginning is there. */
  #held: Uint8Array | undefined;

  /** `keepalive` is a text by which the server asks whether somebody is there. */
  constructor(events: FrameEvents, keepalive?: Uint8Array) {
    this.#events = events;
    this.#keepalive = keepalive;
  }

  /** Whether all that came was whole frames. */
  get atBorder(): boolean {
    return this.#remaining === 0 && this.#held === undefined;
  }

  /** How many bytes in front of the next chunk belong to it: {@linkcode walk} writes them there. */
  get heldBytes(): number {
    return this.#held?.length ?? 0;
  }

  /** Walks through a chunk, with {@linkcode heldBytes} of room in front of `from`. Returns where it ends now: it begins that much earlier. */
  walk(bytes: Uint8Array, from: number, to: number): number {
    let place = from;
    if (this.#held) {
      place -= this.#held.length;
      bytes.set(this.#held, place);
      this.#held = undefined;
    }
    place += this.#remaining;
    while (place < to) {
      const size = to - place < 2 ? 0 : bytes[place + 1]! & 0x7f;
      const head = size === 127 ? 10 : size === 126 ? 4 : 2;
      if (to - place < head) return this.#hold(bytes, place, to);
      let length = size;
      if (size === 126) length = bytes[place + 2]! << 8 | bytes[place + 3]!;
      if (size === 127) length = readLength(bytes, place + 2);
      const end = place + head + length;
      if (!this.#isOut(bytes, place, head, end, to)) {
        place = end;
        continue;
      }
      if (end > to) return this.#hold(bytes, place, to);
      this.#tell(bytes, place, head, end);
      bytes.copyWithin(place, end, to);
      to -= end - place;
    }
    this.#remaining = place - to;
    return to;
  }

  #hold(bytes: Uint8Array, place: number, to: number): number {
    this.#held = bytes.slice(place, to);
    this.#remaining = 0;
    return place;
  }

  /** Whether a frame is no message. Of one that is not whole yet it may say yes by mistake, and is asked again. */
  #isOut(bytes: Uint8Array, place: number, head: number, end: number, to: number): boolean {
    if ((bytes[place]! & 0x08) !== 0) return true;
    const keepalive = this.#keepalive;
    if (!keepalive || end - place - head !== keepalive.length) return false;
    return end > to || keepalive.every((byte, index) => bytes[place + head + index] === byte);
  }

  #tell(bytes: Uint8Array, place: number, head: number, end: number): void {
    const opcode = bytes[place]! & 0x0f;
    const payload = bytes.subarray(place + head, end);
    if (opcode === PING) this.#events.onPing(payload);
    else if (opcode === CLOSE) this.#events.onClose(payload[0]! << 8 | payload[1]!);
    else if (opcode < CLOSE) this.#events.onKeepalive();
  }
}

function readLength(bytes: Uint8Array, at: number): number {
  let length = 0;
  for (let place = at; place < at + 8; place++) length = length * 256 + bytes[place]!;
  return length;
}
