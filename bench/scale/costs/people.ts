import type { Engine } from "../../../lib/engine.ts";
import type { User } from "../../../lib/model/user.ts";
import type { CostMeter } from "./cost_meter.ts";

/** How many come at the same time to an instance when a storm is on. */
const STORM = 50;
/** How many people an instance leaves behind, and in how many rooms each of them is. */
const [LEFT, ROOMS] = [500, 10];

let count = 0;

/** What it costs that people come, and that their instance goes without a word. */
export async function measurePeople(meter: CostMeter, engines: readonly Engine[]): Promise<void> {
  const comeTo = async ({ store }: Engine, instance: number) => {
    const [user, name] = [newPerson(), `instance-${instance}`];
    await store.connect(name, [{ user, keepMs: 60_000 }]);
    await store.move(name, [{ room: "crowded", user, on: true }]);
  };
  await meter.measure(
    `somebody comes: ${engines.length} instances, one at a time each`,
    async () => (await Promise.all(engines.map(comeTo))).length,
  );
  await meter.measure(
    `somebody comes: ${engines.length} instances, ${STORM} at a time each`,
    async () => {
      const storm = engines.flatMap((engine, i) =>
        Array.from({ length: STORM }, () => comeTo(engine, i))
      );
      return (await Promise.all(storm)).length;
    },
  );
  await measureLapse(meter, engines[0]!);
}

/** An instance that ended without a word leaves its people in their rooms: the next beat of another takes them out. */
async function measureLapse(meter: CostMeter, { store }: Engine): Promise<void> {
  const rooms = Array.from({ length: ROOMS }, (_, index) => `left-${index}`);
  const fill = async () => {
    for (let come = 0; come < LEFT; come += STORM) {
      const people = Array.from({ length: STORM }, newPerson);
      await store.connect("lapsing", people.map((user) => ({ user, keepMs: 0 })));
      const moves = people.flatMap((user) => rooms.map((room) => ({ room, user, on: true })));
      await store.move("lapsing", moves);
    }
    await store.expire("lapsing", 0);
  };
  const beat = async () => {
    const { gone } = await store.beat({ instance: "instance-0", leaseMs: 30_000, rooms: [] });
    return gone.length;
  };
  await meter.measure(
    `a beat after an instance ended: each place of ${LEFT} people in ${ROOMS} rooms`,
    beat,
    fill,
  );
}

function newPerson(): User {
  count++;
  return { id: `person-${count}`, name: `Person ${count}` };
}
