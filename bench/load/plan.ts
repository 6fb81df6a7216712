/** Somebody whom the load generator plays: all in texts that stand ready. */
export interface MemberPlan {
  /** Path and query of the upgrade request. */
  readonly path: string;
  /** Members of one room are told the same. */
  readonly room: string;
  /** The frames to send in turn; the last of them enters the room. */
  readonly entrance: readonly { readonly after?: string; readonly frame: string }[];
  /** The frame of a message, in which {@linkcode TEXT} and {@linkcode REF} stand for its text and its number; of senders only. */
  readonly send?: string;
  /** Whether it never reads once it is in. */
  readonly deaf?: boolean;
  /** Where its instance listens, if not where {@linkcode Plan.port} says. */
  readonly port?: number;
}

/** Stands for the text in {@linkcode MemberPlan.send}. */
export const TEXT = "@TEXT@";
/** Stands for the number of a message in {@linkcode MemberPlan.send}: a number, since some write it as one. */
export const REF = 918_273_645;

/** What the load generator is to do. It comes to it as JSON. */
export interface Plan {
  readonly port: number;
  /** The process that serves. */
  readonly pid: number;
  /** Processes by what they are for, whose processor time is told too; that of their children counts as theirs. */
  readonly watched?: Readonly<Record<string, readonly number[]>>;
  readonly subprotocol?: string;
  readonly entered: string;
  readonly acknowledged: string;
  readonly delivered: string;
  readonly keepalive?: { readonly asked: string; readonly answer: string };
  readonly members: readonly MemberPlan[];
  /** How many messages each sender has in flight: as soon as one is acknowledged, the next is sent. */
  readonly window?: number;
  /** Or how many messages all of them send in a second, in turn. */
  readonly perSecond?: number;
  /** How long nothing may have come before the load begins, in milliseconds. */
  readonly settleMs: number;
  readonly warmUpMs: number;
  /** How long it measures; 0 ends after the joins. */
  readonly measureMs: number;
  /** All enter at once, and each has to see this. */
  readonly storm?: { readonly until: string };
}

/** What came of it. */
export interface Outcome {
  /** From the first connection to the last that was open and, but in a storm, in its room, in milliseconds. */
  readonly openMs: number;
  /** The server's memory before the first connection and when all were in and quiet, in KiB. */
  readonly memoryKib: readonly [before: number, after: number];
  /** Of a storm: from the first join until all had seen what they were to see. */
  readonly storm?: {
    readonly ms: number;
    readonly bytes: number;
    readonly cpuMs: number;
    readonly writtenBytes: number;
  };
  /** Of the load. */
  readonly load?: LoadOutcome;
}

/** What came of a load, while it was measured. */
export interface LoadOutcome {
  readonly ms: number;
  readonly messages: number;
  readonly deliveries: number;
  readonly bytes: number;
  /** Processor time of the server and of the generator. */
  readonly serverCpuMs: number;
  readonly generatorCpuMs: number;
  /** Of each of the {@linkcode Plan.watched}. */
  readonly watchedCpuMs: Readonly<Record<string, readonly number[]>>;
  /**
   * From the sending of a message to its delivery, of each delivery to each member who did not send, in milliseconds;
   * where members are at several instances, to those at the sender's own.
   */
  readonly latency: readonly (readonly [share: number, ms: number])[];
  /** The same of those at another instance than the sender. */
  readonly farLatency: readonly (readonly [share: number, ms: number])[];
  /** From the sending of a message to its acknowledgement. */
  readonly ack: readonly (readonly [share: number, ms: number])[];
  /** Messages that were sent in all, warm-up and drain included: each member has had each of them once. */
  readonly checked: number;
  /** How many of those who never read the server has let go of. */
  readonly letGo: number;
  /** In how many ways the members of a room were told the same: in one by each isolate. */
  readonly streams: number;
}
