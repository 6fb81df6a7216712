import { assert, assertEquals } from "@std/assert";
import { ServerProcess } from "../helpers/process.ts";
import type { Fault } from "./fault.ts";
import { welcomedApart, welcomedAt } from "./welcomed_at.ts";

const MESSAGES = 2000;
const BUSY_MS = 3000;
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

  // What is one frame to Alice is one post to the other isolate.
  let posts = 0;
  alice.socket.addEventListener("message", ({ data }) => {
    if (data.includes(`"chat_message"`)) posts++;
  });
  await server.tell(
    JSON.stringify({ instance: busy, fault: "block", ms: BUSY_MS } satisfies Fault),
  );
  const busyUntil = performance.now() + BUSY_MS;
  for (let i = 0; i < MESSAGES; i++) {
    alice.send({ type: "send", room: "general", ref: i, text: `Line ${i}` });
    if (i % 5 === 4) await alice.settle();
  }
  await alice.until(() => alice.all("ack").length === MESSAGES, "an ack of each message");
  assert(performance.now() < busyUntil, "all was said while the other isolate was busy");
  assert(posts > MAX_BEHIND, `${posts} posts are more than wait for an isolate`);

  const lines = Array.from({ length: MESSAGES }, (_, i) => [i + 1, `Line ${i}`]);
  for (const person of [alice, bob, carol]) {
    await person.until(() => person.all("chat_message").length >= MESSAGES, "all messages");
    assertEquals(person.all("chat_message").map(({ seq, text }) => [seq, text]), lines);
  }
  for (const person of [alice, bob, carol]) await person.close();
});
