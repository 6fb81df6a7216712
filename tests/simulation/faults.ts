import type { Link } from "../../lib/link/link.ts";
import type { Random } from "./random.ts";

/** What happens to an instance in a run, beyond what happens to single posts, calls and sockets. */
export type Mishap =
  /** Nothing. */
  | "none"
  /** It cannot reach the store for a while. */
  | "outage"
  /** It goes away in order, and another one takes its place. */
  | "restart"
  /** It ends without a word, and another one takes its place. */
  | "death"
  /** Its process stands still for a while. */
  | "pause"
  /** Its process stands still for longer than its lease holds. */
  | "long pause"
  /** The store is wound back to what it was a while ago. */
  | "restore"
  /** All processes stand still for longer than their leases hold, as when a laptop is closed. */
  | "sleep";

/** What a call of the store comes to. */
export type Fate =
  /** It is done and answered. */
  | "answered"
  /** It is not done. The caller is told that nobody knows. */
  | "not done"
  /** It is done. The caller is told that nobody knows. */
  | "unknown";

const MISHAPS: readonly Mishap[] = [
  "none",
  "outage",
  "outage",
  "restart",
  "death",
  "pause",
  "long pause",
  "sleep",
  "restore",
];

/**
 * How late anybody hears of a change in fair weather, in milliseconds: the store's answer (10), the post (50), a gap that
 * is found while another one is read (20 + 20 + 20 + 20), a recovery (20), the socket (30) and some turns of event loops.
 */
export const LATE_MS = 200;

/**
 * How bad a run is. Each run is bad in a few ways of its own: were all of them bad in all ways, some faults would hide
 * others.
 */
export class Faults {
  /** How many clients there are. */
  readonly clients: number;
  /** How many rooms there are. */
  readonly rooms: number;
  /** What goes wrong with instances, and how often. */
  readonly mishap: Mishap;
  /** For how long clients are busy, in milliseconds. */
  readonly busyMs: number;
  /** The longest time between two deeds of a client, in milliseconds. */
  readonly leisureMs: number;
  /** How likely it is that a client's next deed is to lose its connection. */
  readonly breaks: number;
  /** Messages that come with `joined`. */
  readonly historyOnJoin: number;
  /** Messages of a room that an instance holds in memory. */
  readonly historyInMemory: number;
  /** How many messages a client may have missed to be told of them one by one. */
  readonly maxReplay: number;
  /** How often rooms are swept, in milliseconds. */
  readonly sweepMs: number;
  /** Whether nothing fails or gets lost, so that nobody may hear of a change late. */
  readonly fairWeather: boolean;
  /** Whether the run ends while all are busy, with nothing but its timers to be looked at. */
  readonly cutShort: boolean;
  /** Whether the store answers the calls of an instance in the order in which it was called. */
  storeAnswersInOrder: boolean;
  /** How instances hear of changes. What the store tells by itself is lost here, all of it. */
  readonly linkChanges: Link["changes"];

  readonly #random: Random;
  readonly #linkDrops: number;
  readonly #linkRepeats: number;
  readonly #linkMs: number;
  readonly #storeFails: number;
  readonly #storeMs: number;
  readonly #socketMs: number;
  #stopped = false;

  /** Draws how bad the run is. */
  constructor(random: Random) {
    this.#random = random;
    this.clients = random.integer(6, 10);
    this.rooms = random.integer(2, 3);
    const fair = this.fairWeather = random.chance(0.1);
    this.cutShort = random.chance(0.1);
    this.mishap = fair ? "none" : random.pick(MISHAPS);
    this.busyMs = random.integer(1_500, 5_000);
    this.leisureMs = random.pick([300, 1_000, 3_000]);
    this.breaks = fair ? 0 : random.pick([0, 0.05, 0.2]);
    this.historyOnJoin = random.pick([0, 1, 5, 50]);
    this.historyInMemory = random.pick([0, 3, 200]);
    this.maxReplay = random.pick([3, 500]);
    this.sweepMs = random.pick([5_000, 60_000]);
    this.storeAnswersInOrder = random.chance(0.7);
    this.#linkDrops = fair ? 0 : random.pick([0, 0.1, 0.5, 1]);
    this.#linkRepeats = random.pick([0, 0.2]);
    this.#linkMs = random.pick(fair ? [2, 50] : [2, 50, 500, 5_000]);
    this.#storeFails = fair ? 0 : random.pick([0, 0.02, 0.15]);
    this.#storeMs = random.pick(fair ? [1, 10] : [1, 10, 100, 1_000]);
    this.#socketMs = random.pick(fair ? [1, 30] : [1, 30, 300]);
    const carried: Link["changes"][] = ["whole", "heads"];
    this.linkChanges = random.pick(fair ? carried : [...carried, "stored"]);
  }

  /** From now on everything goes as it should. */
  stop(): void {
    this.#stopped = true;
  }

  /** How many times an instance gets a post of another one. */
  linkCopies(): number {
    if (this.#stopped) return 1;
    if (this.#random.chance(this.#linkDrops)) return 0;
    return this.#random.chance(this.#linkRepeats) ? 2 : 1;
  }

  /** How long a post is on its way, in milliseconds. */
  linkMs(): number {
    return this.#ms(this.#linkMs);
  }

  /** What the next call of the store comes to. */
  fate(): Fate {
    if (this.#stopped || !this.#random.chance(this.#storeFails)) return "answered";
    return this.#random.chance(0.5) ? "not done" : "unknown";
  }

  /** How long a call of the store, or its answer, is on its way, in milliseconds. */
  storeMs(): number {
    return this.#ms(this.#storeMs);
  }

  /** How long a frame is on its way, in milliseconds. */
  socketMs(): number {
    return this.#ms(this.#socketMs);
  }

  #ms(most: number): number {
    return this.#random.small(this.#stopped ? 2 : most);
  }
}
