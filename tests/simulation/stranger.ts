import { assert } from "@std/assert";
import type { Event } from "../../lib/wire/protocol.ts";
import type { SimulatedInstance } from "./simulated_instance.ts";
import type { World } from "./world.ts";

const USER = { id: "stranger0000", name: "Stranger" };
/** How long a stranger stays at the most, in milliseconds. */
const STAYS_MS = 5_000;

/** Somebody who claims to know more of a room than there is, which must do nobody else any harm. */
export function sendStranger(world: World, instance: SimulatedInstance, room: string): void {
  const { clock, log, random } = world;
  const beyond = random.pick([1, 2, 5, 1_000_000]);
  const join = (more: object) => socket.send(JSON.stringify({ type: "join", room, ...more }));
  let claims = 0;
  clock.after(STAYS_MS, () => socket.close(1000));
  const socket = instance.connect(USER, {
    onFrame: (frame) => {
      const value: Event | Event[] = JSON.parse(frame);
      for (const event of Array.isArray(value) ? value : [value]) {
        if (event.type === "welcome") join({});
        if (event.type !== "joined") continue;
        const isTrue = log.isVoid(event.epoch) || event.seq <= log.head(room);
        assert(isTrue, "nobody is told of what is beyond the head");
        if (++claims > 3) socket.close(1000);
        else {
          const since = { epoch: event.epoch, seq: event.seq + beyond };
          clock.after(random.small(500), () => join({ since }));
        }
      }
    },
    onClosed: () => {},
  });
}
