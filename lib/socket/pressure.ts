import type { Meter } from "../meter.ts";

/** More bytes than this waiting for a peer, and it is told of no typing and no presence. */
export const CONGESTED_BYTES = 64 * 1024;
/** More bytes than this waiting for a peer, and it is too slow. */
export const TOO_SLOW_BYTES = 1024 * 1024;
/** No more than this waiting, and a peer that was congested is so no longer: far less, so that it does not waver. */
const CALM_BYTES = CONGESTED_BYTES / 4;

/** How soon slow peers are looked at again while they read, in milliseconds. */
const FASTEST_BEAT_MS = 10;
/** How soon when none of them reads. */
const SLOWEST_BEAT_MS = 250;
/** How long bytes count of which nobody can tell whether they are gone: as long as Linux asks a host that is silent. */
const DOUBT_MS = 15 * 60_000;

/** A peer for which bytes wait. */
export interface SlowPeer {
  /** Whose budget its bytes count against. */
  readonly address: string;
  /** Whether it is no member any more, and only its socket is left. */
  readonly gone: boolean;
  /** Bytes that wait for it. */
  readonly waitingBytes: number;
  /** Gives its socket what it can take. */
  pump(): void;
  /** Tells it what it missed, now that it reads again. */
  relieve(): void;
  /** Closes it as too slow, and drops what its socket was not given. */
  giveUp(): void;
}

/** How much may wait, and where it is counted. */
export interface PressureOptions {
  /** Bytes that may wait for the sockets of one address, open and closing. */
  readonly bytesPerAddress: number;
  /** Bytes that may wait for all sockets. */
  readonly bytes: number;
  /** Is told what waits. */
  readonly meter: Meter;
  /** The time in milliseconds, which never goes back. */
  readonly now?: () => number;
}

/**
 * Keeps the bytes that wait for slow peers within the budgets of their address and of the server.
 *
 * It looks at those alone that were seen to be slow, on a beat of its own: who reads costs nothing. Deno 2.9.6 cannot
 * drop what it was given for a socket, so the bytes of a peer that was closed count until they are read or its connection breaks.
 */
export class Pressure {
  readonly #options: PressureOptions;
  readonly #now: () => number;
  /** Each with the bytes that waited at the last beat. */
  readonly #watched = new Map<SlowPeer, number>();
  #doubts: { readonly address: string; readonly bytes: number; readonly until: number }[] = [];
  /** Bytes that wait for closing sockets, by address. */
  #closing = new Map<string, number>();
  #beatMs = FASTEST_BEAT_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** It watches nobody at first. */
  constructor(options: PressureOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Looks at a peer until it reads again, or {@linkcode forget} is called. */
  watch(peer: SlowPeer): void {
    if (this.#watched.has(peer)) return;
    this.#watched.set(peer, peer.waitingBytes);
    this.#schedule(FASTEST_BEAT_MS);
  }

  /** Takes off a peer whose socket has ended. With `doubtful` its bytes may still be held, and count for some time. */
  forget(peer: SlowPeer, doubtful: boolean): void {
    const bytes = this.#watched.get(peer);
    if (bytes === undefined) return;
    this.#watched.delete(peer);
    if (!doubtful) return;
    this.#doubts.push({ address: peer.address, bytes, until: this.#now() + DOUBT_MS });
    this.#schedule(FASTEST_BEAT_MS);
  }

  /** Whose budget is spent on closing sockets, so that an address may open no more; `undefined` if none is. */
  refuses(address: string): "address" | "server" | undefined {
    const { bytesPerAddress, bytes } = this.#options;
    const held = this.#closing.get(address) ?? 0;
    if (held >= bytesPerAddress) return "address";
    // The server's budget keeps out those who spend it, and not everybody else.
    return held > 0 && sum(this.#closing.values()) >= bytes ? "server" : undefined;
  }

  /** Gives slow peers what they can take, and closes the slowest where a budget is spent. */
  beat(): void {
    let reads = false;
    for (const [peer, before] of this.#watched) {
      peer.pump();
      const bytes = peer.waitingBytes;
      reads ||= bytes < before;
      this.#watched.set(peer, bytes);
      if (bytes > (peer.gone ? 0 : CALM_BYTES)) continue;
      this.#watched.delete(peer);
      if (!peer.gone) peer.relieve();
    }
    const now = this.#now();
    this.#doubts = this.#doubts.filter(({ until }) => until > now);
    this.#shed();
    this.#count();
    this.#schedule(reads ? FASTEST_BEAT_MS : Math.min(2 * this.#beatMs, SLOWEST_BEAT_MS));
  }

  /** Watches nobody any more. */
  close(): void {
    this.#watched.clear();
    this.#doubts = [];
    clearTimeout(this.#timer);
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#beatMs = ms;
    const idle = this.#watched.size === 0 && this.#doubts.length === 0;
    this.#timer = idle ? undefined : setTimeout(() => this.beat(), ms);
  }

  #shed(): void {
    const { bytesPerAddress, bytes } = this.#options;
    const byAddress = this.#waiting(() => true);
    for (const { address, bytes } of this.#doubts) add(byAddress, address, bytes);
    const spent = [...byAddress].filter(([, waiting]) => waiting > bytesPerAddress);
    for (const [address, waiting] of spent) {
      byAddress.set(address, this.#close(waiting, bytesPerAddress, address));
    }
    const waiting = sum(byAddress.values());
    if (waiting > bytes) this.#close(waiting, bytes);
  }

  /** Closes the slowest peers, of one address or all, until no more than `budget` waits; answers what waits then. */
  #close(waiting: number, budget: number, address?: string): number {
    const slowest = [...this.#watched]
      .filter(([peer, bytes]) => !peer.gone && bytes > CONGESTED_BYTES)
      .filter(([peer]) => address === undefined || peer.address === address)
      .sort(([, one], [, other]) => other - one);
    for (const [peer, bytes] of slowest) {
      if (waiting <= budget) break;
      peer.giveUp();
      const left = peer.waitingBytes;
      this.#watched.set(peer, left);
      waiting -= bytes - left;
    }
    return waiting;
  }

  #count(): void {
    const { waiting } = this.#options.meter;
    const open = this.#waiting((peer) => !peer.gone);
    this.#closing = this.#waiting((peer) => peer.gone);
    for (const { address, bytes } of this.#doubts) add(this.#closing, address, bytes);
    waiting.openBytes = sum(open.values());
    waiting.closingBytes = sum(this.#closing.values());
    waiting.congestedPeers = 0;
    for (const [peer, bytes] of this.#watched) {
      if (!peer.gone && bytes > CONGESTED_BYTES) waiting.congestedPeers++;
    }
  }

  #waiting(counts: (peer: SlowPeer) => boolean): Map<string, number> {
    const byAddress = new Map<string, number>();
    for (const [peer, bytes] of this.#watched) {
      if (counts(peer)) add(byAddress, peer.address, bytes);
    }
    return byAddress;
  }
}

function add(byAddress: Map<string, number>, address: string, bytes: number): void {
  byAddress.set(address, (byAddress.get(address) ?? 0) + bytes);
}

function sum(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
