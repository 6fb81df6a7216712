/** The channel on which isolates are told to fail. */
export const FAULTS = "faults";

/** What an isolate is told. */
export interface Fault {
  readonly instance: string;
  readonly fault: "throw" | "reject" | "block" | "break the store";
  /** For how long it blocks, in milliseconds. */
  readonly ms?: number;
}
