import { flush } from "./connection.ts";
import { Follower } from "./follower.ts";
import { Histogram } from "./histogram.ts";
import type { Readiness } from "./libc.ts";
import type { Member } from "./opening.ts";
import { Pace } from "./pace.ts";
import type { LoadOutcome, Plan } from "./plan.ts";
import { cpuMs, familyCpuMs } from "./processes.ts";
import { Room } from "./room.ts";
import { Sender } from "./sender.ts";
import { Sent } from "./sent.ts";

/** How long the last messages may take to be delivered, in milliseconds. */
const DRAIN_MS = 20_000;
/** How many windows of all its senders a room may be behind: as much again as is in flight anyhow, and some more. */
const AHEAD = 3;
/** Which share of the members are witnesses of how far behind their room is. */
const EVERY = 32;
/** How long those who did not read may take to read the end, in milliseconds. */
const LAST_READ_MS = 2_000;
/** How far members of all rooms together may lie apart, in bytes. */
const STREAM_BYTES = 1 << 26;
const MIN_STREAM_BYTES = 1 << 16;
/** Which quantiles are told. */
const SHARES = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999, 1];

/** Lets the senders send, measures what comes of it, and checks that nobody lost or repeated anything. */
export function measureLoad(
  plan: Plan,
  members: readonly Member[],
  readiness: Readiness,
): LoadOutcome {
  return new Measurement(plan, members, readiness).run();
}

/** Somebody who is told messages, and how many it was told. */
interface Listener {
  readonly room: string;
  readonly counted: { readonly count: number };
}

class Measurement {
  readonly #plan: Plan;
  readonly #members: readonly Member[];
  readonly #readiness: Readiness;
  readonly #sent: readonly Sent[];
  readonly #latency = new Histogram();
  readonly #farLatency = new Histogram();
  readonly #ack = new Histogram();
  readonly #rooms = new Map<string, Room>();
  /** Those who are told messages: all but the deaf. */
  readonly #listeners: Listener[] = [];
  readonly #senders: Sender[] = [];
  /** Where each sender's instance listens. */
  readonly #senderPorts: readonly (number | undefined)[];
  readonly #pace: Pace | undefined;
  #goesOn = false;

  constructor(plan: Plan, members: readonly Member[], readiness: Readiness) {
    this.#plan = plan;
    this.#members = members;
    this.#readiness = readiness;
    const senders = members.filter(({ plan }) => plan.send);
    this.#sent = senders.map(() => new Sent());
    this.#senderPorts = senders.map(({ plan }) => plan.port);
    for (const name of new Set(members.map(({ plan }) => plan.room))) {
      this.#rooms.set(name, new Room(this.#sent, streamBytes(plan)));
    }
    for (const member of members) this.#enter(member);
    if (plan.perSecond) this.#pace = new Pace(plan.perSecond, this.#senders);
  }

  run(): LoadOutcome {
    const { pid, window, warmUpMs, measureMs } = this.#plan;
    this.#goesOn = window !== undefined;
    if (window !== undefined) { for (const sender of this.#senders) sender.send(window); }
    this.#pump(warmUpMs);
    this.#latency.clear();
    this.#farLatency.clear();
    this.#ack.clear();
    const before = this.#count();
    const cpuBefore = [cpuMs(pid), cpuMs(Deno.pid)] as const;
    const watchedBefore = this.#watchedCpuMs();
    this.#pump(measureMs);
    const after = this.#count();
    const measured = {
      ms: after.at - before.at,
      messages: after.messages - before.messages,
      deliveries: after.deliveries - before.deliveries,
      bytes: after.bytes - before.bytes,
      serverCpuMs: cpuMs(pid) - cpuBefore[0],
      generatorCpuMs: cpuMs(Deno.pid) - cpuBefore[1],
      watchedCpuMs: mapNumbers(
        this.#watchedCpuMs(),
        (ms, group, i) => ms - watchedBefore[group]![i]!,
      ),
      latency: quantiles(this.#latency),
      farLatency: quantiles(this.#farLatency),
      ack: quantiles(this.#ack),
    };
    this.#drain();
    const streams = [...this.#rooms.values()].map(({ streams }) => streams.length);
    const letGo = this.#letGo();
    return { ...measured, checked: this.#total(), letGo, streams: Math.max(...streams) };
  }

  #enter({ plan, connection }: Member): void {
    if (plan.deaf) return this.#readiness.remove(connection.fd);
    const room = this.#rooms.get(plan.room)!;
    const { acknowledged, delivered } = this.#plan;
    let counted: Listener["counted"];
    if (plan.send === undefined) {
      counted = new Follower(
        connection,
        room,
        (sender) => this.#senderPorts[sender] === plan.port ? this.#latency : this.#farLatency,
      );
    } else {
      const index = this.#senders.length;
      const sent = this.#sent[index]!;
      room.senders.push(sent);
      const sender = new Sender({
        ...{ connection, index, sent, acknowledged, delivered },
        ...{ frame: plan.send, ack: this.#ack },
        goesOn: () => this.#goesOn,
        mayGoOn: () => room.untold <= AHEAD * (this.#plan.window ?? 0) * room.senders.length,
      });
      room.witnesses.push(sender);
      this.#senders.push(sender);
      counted = sender;
    }
    if (this.#listeners.push({ room: plan.room, counted }) % EVERY === 0) {
      room.witnesses.push(counted);
    }
  }

  #watchedCpuMs(): Record<string, number[]> {
    return mapNumbers(this.#plan.watched ?? {}, familyCpuMs);
  }

  #pump(ms: number): void {
    const until = performance.now() + ms;
    for (let now = performance.now(); now < until; now = performance.now()) {
      const dueMs = this.#pace ? this.#pace.send(now) : until - now;
      this.#turn(Math.min(dueMs, until - now));
    }
  }

  #turn(ms: number): void {
    for (const sender of this.#senders) sender.goOn();
    const waitMs = flush() ? 1 : Math.max(0, Math.ceil(ms));
    this.#readiness.wait(waitMs, (id) => this.#members[id]!.connection.read());
  }

  #drain(): void {
    this.#goesOn = false;
    const until = performance.now() + DRAIN_MS;
    while (this.#missing() !== undefined) {
      if (performance.now() > until) throw new Error(`${this.#missing()} after ${DRAIN_MS} ms`);
      this.#turn(20);
    }
    // What is repeated comes afterwards.
    const repeats = performance.now() + 200;
    while (performance.now() < repeats) this.#turn(20);
    const missing = this.#missing();
    if (missing !== undefined) throw new Error(`${missing} in the end`);
  }

  /** What is not as it has to be in the end, if there is something. */
  #missing(): string | undefined {
    for (const { count, acknowledged } of this.#sent) {
      if (count !== acknowledged) return `${acknowledged} of ${count} messages were acknowledged`;
    }
    const due = new Map(Array.from(this.#rooms, ([name, room]) => [name, room.sent]));
    for (const { room, counted: { count } } of this.#listeners) {
      if (count !== due.get(room)) {
        return `A member was told ${count} of ${due.get(room)} messages`;
      }
    }
    return undefined;
  }

  /** What waits for those who did not read comes before the end, and they are given a while for it. */
  #letGo(): number {
    const deaf = new Set(this.#members.filter(({ plan }) => plan.deaf));
    const all = deaf.size;
    const until = performance.now() + LAST_READ_MS;
    while (deaf.size > 0 && performance.now() < until) {
      for (const member of deaf) if (member.connection.hasEnded()) deaf.delete(member);
      this.#turn(5);
    }
    return all - deaf.size;
  }

  #total(): number {
    return this.#sent.reduce((sum, { count }) => sum + count, 0);
  }

  #count() {
    return {
      at: performance.now(),
      messages: this.#sent.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
      deliveries: this.#listeners.reduce((sum, { counted }) => sum + counted.count, 0),
      bytes: this.#members.reduce((sum, { connection }) => sum + connection.received, 0),
    };
  }
}

/** As many rooms as there are share what there is. */
function streamBytes({ members }: Plan): number {
  const rooms = new Set(members.map(({ room }) => room)).size;
  return Math.max(MIN_STREAM_BYTES, 2 ** Math.floor(Math.log2(STREAM_BYTES / rooms)));
}

function mapNumbers(
  groups: Readonly<Record<string, readonly number[]>>,
  change: (value: number, group: string, index: number) => number,
): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(groups).map(([group, values]) =>
      [group, values.map((value, index) => change(value, group, index))] as const
    ),
  );
}

function quantiles(histogram: Histogram): (readonly [number, number])[] {
  return SHARES.flatMap((share) => {
    const ms = histogram.quantile(share);
    return ms === undefined ? [] : [[share, ms] as const];
  });
}
