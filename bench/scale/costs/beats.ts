import type { Engine } from "../../../lib/engine.ts";
import type { CostMeter } from "./cost_meter.ts";
import { drafts } from "./drafts.ts";

const ROOMS = [1, 100, 1_000, 10_000];
const A_CALL = 500;

/** What a beat costs by the rooms that are open at an instance. */
export async function measureBeats(meter: CostMeter, { store }: Engine): Promise<void> {
  const names = Array.from({ length: ROOMS.at(-1)! }, (_, index) => `open-${index}`);
  for (let first = 0; first < names.length; first += A_CALL) {
    await store.append(names.slice(first, first + A_CALL).flatMap((room) => drafts(room, 1)));
  }
  for (const count of ROOMS) {
    const rooms = names.slice(0, count);
    await meter.measure(
      `a beat: ${count.toLocaleString("en")} ${count === 1 ? "room" : "rooms"}`,
      async () => {
        await store.beat({ instance: "instance-0", leaseMs: 30_000, rooms });
        return 1;
      },
    );
  }
}
