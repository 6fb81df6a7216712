import { Connection } from "./connection.ts";
import { Entering } from "./entering.ts";
import { connect, Readiness } from "./libc.ts";
import { Marker } from "./marker.ts";
import type { MemberPlan, Outcome, Plan } from "./plan.ts";
import { cpuMs, memoryKib, writtenBytes } from "./processes.ts";

/** How many enter at the same time: fewer than a server lets wait before it accepts them. */
const AT_ONCE = 64;
/** How long opening and settling may take, in milliseconds. */
const PATIENCE_MS = 90_000;

/** Somebody who is in a room. */
export interface Member {
  readonly plan: MemberPlan;
  readonly connection: Connection;
}

/** Lets all members into their rooms. */
export class Opening {
  /** Tells of the connections by their places. */
  readonly readiness = new Readiness();
  readonly #plan: Plan;
  readonly #members: Member[] = [];
  readonly #until = performance.now() + PATIENCE_MS;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Opens all connections, enters the rooms and waits until nothing comes any more. */
  run(): Omit<Outcome, "load"> & { readonly members: readonly Member[] } {
    const before = memoryKib(this.#plan.pid);
    const begunAt = performance.now();
    this.#open();
    const openMs = performance.now() - begunAt;
    const storm = this.#plan.storm && this.#storm(this.#plan.storm.until);
    this.#settle();
    const after = memoryKib(this.#plan.pid);
    return { members: this.#members, openMs, memoryKib: [before, after], storm };
  }

  #open(): void {
    const { members, port, subprotocol, keepalive, storm, entered } = this.#plan;
    let done = 0;
    while (done < members.length) {
      while (this.#members.length < members.length && this.#members.length - done < AT_ONCE) {
        const plan = members[this.#members.length]!;
        const fd = connect(plan.port ?? port, this.#members.length, { deaf: plan.deaf });
        const connection = new Connection({ fd, keepalive, hear: () => {} });
        new Entering(connection, plan, storm ? undefined : entered, () => done++);
        // The next message waits for the acknowledgement, which is not to wait for what others are told.
        this.readiness.add(fd, this.#members.length, { urgent: plan.send !== undefined });
        this.#members.push({ plan, connection });
        connection.upgrade(plan.path, subprotocol);
      }
      this.#pump(`only ${done} of ${members.length} were let in`);
    }
  }

  #storm(until: string): Outcome["storm"] {
    const { pid } = this.#plan;
    const waiting = new Set(this.#members.map(({ connection }) => connection));
    for (const connection of waiting) {
      awaitText(connection, until, () => waiting.delete(connection));
    }
    const received = this.#received();
    const [cpu, written] = [cpuMs(pid), writtenBytes(pid)];
    const begunAt = performance.now();
    for (const { plan, connection } of this.#members) {
      connection.send([plan.entrance.at(-1)!.frame]);
    }
    while (waiting.size > 0) this.#pump(`${waiting.size} did not see ${until}`);
    return {
      ms: performance.now() - begunAt,
      bytes: this.#received() - received,
      cpuMs: cpuMs(pid) - cpu,
      writtenBytes: writtenBytes(pid) - written,
    };
  }

  #settle(): void {
    let quietSince = performance.now();
    let received = this.#received();
    while (performance.now() - quietSince < this.#plan.settleMs) {
      this.#pump("the server did not fall silent");
      const now = this.#received();
      if (now === received) continue;
      received = now;
      quietSince = performance.now();
    }
    if (!this.#members.every(({ connection }) => connection.atBorder)) {
      throw new Error("The server fell silent in the middle of a frame");
    }
  }

  #received(): number {
    return this.#members.reduce((sum, { connection }) => sum + connection.received, 0);
  }

  #pump(why: string): void {
    if (performance.now() > this.#until) throw new Error(`After ${PATIENCE_MS} ms ${why}`);
    this.readiness.wait(20, (id) => this.#members[id]!.connection.read());
  }
}

/** Calls `done` once a text was seen. */
function awaitText(connection: Connection, text: string, done: () => void): void {
  const marker = new Marker(text);
  let tail = new Uint8Array(0);
  connection.hear = (bytes, from, to) => {
    const start = from - tail.length;
    bytes.set(tail, start);
    tail = bytes.slice(Math.max(start, to - (marker.length - 1)), to);
    if (marker.find(bytes, start, to) < 0) return;
    connection.hear = () => {};
    done();
  };
}
