import type { Batch } from "../chat/batch.ts";
import { encodeFrame } from "../wire/encode.ts";

/** What of a batch reaches a member for whom much waits, and what does not. */
export interface Spared {
  /** The events that stay true. */
  readonly lasting: readonly string[];
  /** The one frame of them, which all such members share; `undefined` if there are none. */
  readonly frame: string | undefined;
  /** The rooms whose presence is kept from the member, each with the newest event of it; plain frames name no room. */
  readonly missed: ReadonlyMap<string, string>;
}

const shared = new WeakMap<Batch, Spared>();

/** Leaves typing and presence out of a batch, from the `from`th event on. */
export function spare(batch: Batch, from: number): Spared {
  if (from > 0) return leaveOut(batch, from);
  const known = shared.get(batch) ?? leaveOut(batch, 0);
  shared.set(batch, known);
  return known;
}

function leaveOut(batch: Batch, from: number): Spared {
  const events = batch.events(from);
  const lasting = batch.lasting(from);
  const missed = new Map<string, string>();
  const kept = new Set(lasting);
  for (const event of events) {
    // Typing fades by itself. No text can hold these marks, as its quotes are escaped.
    if (kept.has(event) || event.includes('"type":"typing"')) continue;
    missed.set(/"room":"([^"]*)"/.exec(event)?.[1] ?? "", event);
  }
  const whole = from === 0 && lasting.length === events.length;
  const frame = whole ? batch.frame : lasting.length > 0 ? encodeFrame(lasting) : undefined;
  return { lasting, frame, missed };
}
