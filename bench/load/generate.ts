import type { RunningPeer } from "../peers/peer.ts";
import type { Caller, Dialect } from "./dialect.ts";
import { type MemberPlan, type Outcome, type Plan, REF, TEXT } from "./plan.ts";

const GENERATOR = new URL("./generator.ts", import.meta.url);

/** How long it may take in all, in milliseconds: all that it does has a limit of its own below this. */
const LIFETIME_MS = 180_000;

/** A load: who is there, and what they do. */
export interface Load {
  /** Members in all, those who send included. */
  readonly members: number;
  /** How many of them send; spread evenly over the rooms. */
  readonly senders: number;
  /** Rooms that they share evenly; 1 if absent. */
  readonly rooms?: number;
  /** Members beside these who never read. */
  readonly deaf?: number;
  readonly window?: number;
  readonly perSecond?: number;
  readonly warmUpMs?: number;
  readonly measureMs?: number;
  readonly settleMs?: number;
  readonly storm?: Plan["storm"];
}

/** A server that listens, and how it is spoken to. */
export interface Target {
  readonly port: number;
  readonly dialect: Dialect;
  readonly running: RunningPeer;
}

/** Lets the load generator loose on a server. Rejects with its sentence if something was lost, repeated or refused. */
export async function generate({ port, dialect, running }: Target, load: Load): Promise<Outcome> {
  const { subprotocol, entered, acknowledged, delivered, keepalive } = dialect;
  const plan: Plan = {
    ...{ port, pid: running.pid, subprotocol, entered, acknowledged, delivered, keepalive },
    watched: running.watched,
    members: makeMembers(dialect, load, running.ports),
    window: load.window,
    perSecond: load.perSecond,
    // Rooms of many people are told of joins at most once a second.
    settleMs: load.settleMs ?? (load.members > 250 ? 1_500 : 400),
    warmUpMs: load.warmUpMs ?? 2_000,
    measureMs: load.measureMs ?? 3_000,
    storm: load.storm,
  };
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", GENERATOR.pathname],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
    signal: AbortSignal.timeout(LIFETIME_MS),
  }).spawn();
  const written = new Response(JSON.stringify(plan)).body!.pipeTo(child.stdin).catch(() => {});
  const { success, stdout, stderr } = await child.output();
  await written;
  const decoder = new TextDecoder();
  if (!success) {
    throw new Error(`The load failed: ${decoder.decode(stderr).trim() || "it was killed"}`);
  }
  return JSON.parse(decoder.decode(stdout));
}

function makeMembers(
  dialect: Dialect,
  load: Load,
  ports: readonly number[] = [],
): MemberPlan[] {
  const { members, senders, rooms = 1, deaf = 0 } = load;
  const every = members / senders;
  const plans = Array.from({ length: members }, (_, index) => {
    // In each room senders stand among the others, and not all before or behind them.
    const isSender = Math.floor((index + 1) / every) > Math.floor(index / every);
    const member = makeMember(dialect, `Member-${index}`, roomOf(index, members, rooms), isSender);
    return { ...member, port: ports[Math.floor(index * ports.length / members)] };
  });
  const more = Array.from({ length: deaf }, (_, index) => ({
    ...makeMember(dialect, `Deaf-${index}`, roomOf(0, members, rooms), false),
    deaf: true,
  }));
  return [...plans, ...more];
}

function roomOf(index: number, members: number, rooms: number): string {
  return rooms === 1 ? "general" : `room-${Math.floor(index * rooms / members)}`;
}

function makeMember(dialect: Dialect, name: string, room: string, isSender: boolean): MemberPlan {
  const caller: Caller = { name, room };
  return {
    path: dialect.path(caller),
    room,
    entrance: dialect.entrance(caller),
    send: isSender ? dialect.send(caller, TEXT, REF) : undefined,
  };
}
