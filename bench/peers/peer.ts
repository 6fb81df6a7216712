import type { Dialect } from "../load/dialect.ts";

/** A server under test. */
export interface Peer {
  /** As tables and charts name it. */
  readonly name: string;
  /** How it is spoken to. */
  readonly dialect: Dialect;
  /**
   * Starts it on a port of 127.0.0.1, and resolves once it listens.
   *
   * Rejects with one sentence if it cannot be run here: the bench then says so and goes on without it.
   */
  start(port: number): Promise<RunningPeer>;
}

/** A server under test that listens. */
export interface RunningPeer {
  /** Its version and that of what it runs on: `Socket.IO 4.8.1, Node 22.1.0`. */
  readonly version: string;
  /** The process that serves: its CPU time and memory are measured. */
  readonly pid: number;
  /** Where its instances listen, if it has several: members are spread over them. */
  readonly ports?: readonly number[];
  /** Processes by what they are for, whose CPU time is measured too. */
  readonly watched?: Readonly<Record<string, readonly number[]>>;
  /** Ends it. */
  stop(): Promise<void>;
}
