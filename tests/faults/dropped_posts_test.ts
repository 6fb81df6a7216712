import { assert, assertEquals } from "@std/assert";
import { ServerProcess } from "../helpers/process.ts";
import type { Fault } from "./fault.ts";
import { welcomedApart, welcomedAt } from "./welcomed_at.ts";

const MESSAGES = 2000;
/** How far a `BroadcastChannel` may be behind before it drops posts (Deno 2.9.6). */
const MAX_BEHIND = 256;

Deno.test("posts that an isolate was too busy to take cost no message", async () => {
  await using server = await ServerProcess.listening({
    main: "tests/faults/faulty_main.ts",
    settings: {
      PARLEY_STORE: "memory:",
      PARLEY_ISOLATES: "2",
      PARLEY_MESSAGES_PER_SECOND: "0",
    },
  });
  const [alice, bob] = await welcomedApart(server.ws, "Alice", "Bob");
  const busy = bob.me.instance;
  const carol = await welcomedAt(server.ws, { username: "Carol" }, (at) => at === busy);
  for (const person of [alice, bob, carol]) await person.join();

  // Each frame to Alice is a tick of her isolate, and each tick with a change is a post.
  let ticks = 0;
  alice.socket.addEventListener("message", () => ticks++);
  await server.tell(JSON.stringify({ instance: busy, fault: "block", ms: 2000 } satisfies Fault));
  const block = performance.now() + 2000;
  for (let i = 0; i < MESSAGES; i++) {
    alice.send({ type: "send", room: "general", text: `Line ${i}` });
    if (i % 4 === 3) await alice.settle();
  }
  assert(performance.now() < block, "all was said while the other isolate was busy");
  assert(ticks > MAX_BEHIND, `${ticks} posts fill the channel`);

  const lines = Array.from({ length: MESSAGES }, (_, i) => [i + 1, `Line ${i}`]);
  for (const person of [alice, bob, carol]) {
    await person.until(() => person.all("chat_message").length >= MESSAGES, "all messages");
    assertEquals(person.all("chat_message").map(({ seq, text }) => [seq, text]), lines);
  }
  for (const person of [alice, bob, carol]) await person.close();
});
