import type { Engine } from "../../../lib/engine.ts";
import type { CostMeter } from "./cost_meter.ts";
import { drafts } from "./drafts.ts";

const SIZES = [1, 50];
const HOT = "hot";

/**
 * What a message costs when all instances write to one room, and when each writes to its own; and what it costs to read
 * one. Resolves to how many were written.
 */
export async function measureAppends(
  meter: CostMeter,
  engines: readonly Engine[],
): Promise<number> {
  let count = 0;
  const rooms = [
    ["one room", () => HOT],
    ["a room each", (instance: number) => `room-${instance}`],
  ] as const;
  for (const [name, roomOf] of rooms) {
    for (const size of SIZES) {
      const title =
        `a message: ${engines.length} instances write to ${name}, ${size} a transaction`;
      await meter.measure(title, async () => {
        const written = engines.map(({ store }, i) => store.append(drafts(roomOf(i), size)));
        const messages = (await Promise.all(written)).length * size;
        count += messages;
        return messages;
      });
    }
  }
  const { store } = engines[0]!;
  const { heads: [head] } = await store.heads([HOT]);
  await meter.measure("an instance reads the newest message of a room", async () => {
    return (await store.changes(HOT, head!.seq - 1, 500)).length;
  });
  return count;
}
