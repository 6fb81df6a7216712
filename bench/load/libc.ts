/**
 * Sockets without an event loop between them and the program: the system's own calls.
 *
 * `Deno.connect` and `node:net` cost several microseconds for each read, which the servers under test would then be
 * waiting for. Linux only, as is `/proc`, from which processor time and memory are read.
 *
 * @module
 */

const libc = Deno.dlopen("libc.so.6", {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  recv: { parameters: ["i32", "buffer", "usize", "i32"], result: "i32" },
  send: { parameters: ["i32", "buffer", "usize", "i32"], result: "i32" },
  epoll_create1: { parameters: ["i32"], result: "i32" },
  epoll_ctl: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  epoll_wait: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
  memcmp: { parameters: ["buffer", "buffer", "usize"], result: "i32" },
}).symbols;

const AF_INET = 2;
const SOCK_STREAM = 1;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_RCVBUF = 8;
const SO_LINGER = 13;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLLIN = 1;
/** On x86-64 the kernel packs an event into 12 bytes, elsewhere it takes 16. */
const EVENT_BYTES = Deno.build.arch === "x86_64" ? 12 : 16;
const DATA_OFFSET = EVENT_BYTES - 8;

/** What the system takes for one who does not read, in bytes. */
const DEAF_BYTES = 16 * 1024;
/** How many connections leave from one source address: an address has about 28,000 free ports. */
const PER_SOURCE = 8_000;

/**
 * Opens a connection to a port of 127.0.0.1; `index` tells connections apart, and spreads them over source addresses.
 *
 * For one who is `deaf` the system takes little that is not read.
 */
export function connect(port: number, index: number, { deaf = false } = {}): number {
  const fd = libc.socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) throw new Error(`Cannot open socket ${index}: see "ulimit -n"`);
  libc.setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, new Int32Array([1]), 4);
  // Closed by a reset, so that thousands of ports do not stay taken for a minute.
  libc.setsockopt(fd, SOL_SOCKET, SO_LINGER, new Int32Array([1, 0]), 8);
  if (deaf) libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, new Int32Array([DEAF_BYTES]), 4);
  const source = 2 + Math.floor(index / PER_SOURCE);
  if (libc.bind(fd, address(source, 0), 16) < 0) {
    throw new Error(`Cannot send from 127.0.0.${source}`);
  }
  if (libc.connect(fd, address(1, port), 16) < 0) {
    throw new Error(`Cannot connect to 127.0.0.1:${port}`);
  }
  return fd;
}

/** Reads what is there: the number of bytes, 0 if there is nothing now, -1 if the connection has ended. */
export function receive(fd: number, into: Uint8Array<ArrayBuffer>): number {
  const got = libc.recv(fd, into, BigInt(into.length), MSG_DONTWAIT);
  if (got > 0) return got;
  return got < 0 && !hasFailed(fd) ? 0 : -1;
}

/** Writes what there is room for: the number of bytes, or -1 if the connection has ended. */
export function transmit(fd: number, bytes: Uint8Array<ArrayBuffer>): number {
  const sent = libc.send(fd, bytes, BigInt(bytes.length), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0) return sent;
  return hasFailed(fd) ? -1 : 0;
}

/** Whether two stretches of `length` bytes are the same. */
export function areSame(
  a: Uint8Array<ArrayBuffer>,
  b: Uint8Array<ArrayBuffer>,
  length: number,
): boolean {
  return libc.memcmp(a, b, BigInt(length)) === 0;
}

/** Connections on which something can be read, those first that are urgent. */
export class Readiness {
  readonly #urgent = new Epoll();
  readonly #others = new Epoll();

  constructor() {
    // Waiting for the others ends when something urgent comes.
    this.#others.add(this.#urgent.fd, WAKE);
  }

  /** Begins to watch a connection, of which {@linkcode wait} tells by `id`. */
  add(fd: number, id: number, { urgent }: { urgent: boolean }): void {
    (urgent ? this.#urgent : this.#others).add(fd, id);
  }

  /** Watches a connection no more. */
  remove(fd: number): void {
    this.#others.remove(fd);
  }

  /** Calls `each` with the ids of some that can be read, after at most `ms` milliseconds. */
  wait(ms: number, each: (id: number) => void): void {
    const ready = this.#urgent.wait(0, each);
    this.#others.wait(ready > 0 ? 0 : ms, (id) => {
      if (id !== WAKE) each(id);
    });
  }
}

/** What no connection is called. */
const WAKE = 0xffff_ffff;
/** Few at a time, so that what is urgent does not wait for many others. */
const AT_ONCE = 32;

class Epoll {
  readonly fd = libc.epoll_create1(0);
  readonly #events = new Uint8Array(EVENT_BYTES * AT_ONCE);
  readonly #view = new DataView(this.#events.buffer);

  add(fd: number, id: number): void {
    const event = new Uint8Array(EVENT_BYTES);
    const view = new DataView(event.buffer);
    view.setUint32(0, EPOLLIN, true);
    view.setUint32(DATA_OFFSET, id, true);
    if (libc.epoll_ctl(this.fd, EPOLL_CTL_ADD, fd, event) < 0) {
      throw new Error(`Cannot watch connection ${id}`);
    }
  }

  remove(fd: number): void {
    libc.epoll_ctl(this.fd, EPOLL_CTL_DEL, fd, new Uint8Array(EVENT_BYTES));
  }

  wait(ms: number, each: (id: number) => void): number {
    const ready = libc.epoll_wait(this.fd, this.#events, AT_ONCE, ms);
    for (let place = 0; place < ready; place++) {
      each(this.#view.getUint32(place * EVENT_BYTES + DATA_OFFSET, true));
    }
    return ready;
  }
}

/** A `sockaddr_in` of 127.0.0.`host`. */
function address(host: number, port: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_INET, true);
  view.setUint16(2, port);
  bytes.set([127, 0, 0, host], 4);
  return bytes;
}

/** Without `errno`, which the runtime may have overwritten by now: a connection that merely has nothing has no error. */
function hasFailed(fd: number): boolean {
  const error = new Int32Array(1);
  const found = libc.getsockopt(fd, SOL_SOCKET, SO_ERROR, error, new Uint32Array([4]));
  return found < 0 || error[0] !== 0;
}
