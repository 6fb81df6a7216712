import { assert, assertEquals } from "@std/assert";
import { Client } from "../helpers/client.ts";
import { delay } from "../helpers/delay.ts";
import { ServerProcess } from "../helpers/process.ts";
import { status } from "../helpers/status.ts";

const DRAIN_MS = 1_000;
/** How long the end may take after the drain, in milliseconds. */
const ENDING_MS = 3_000;
const PEOPLE = 20;

for (const isolates of ["1", "2"]) {
  Deno.test(`a server that drains says so and serves on, then paces the return, at ${isolates} isolate(s)`, async () => {
    await using server = await ServerProcess.listening({
      settings: {
        PARLEY_STORE: "memory:",
        PARLEY_ISOLATES: isolates,
        PARLEY_DRAIN_S: String(DRAIN_MS / 1000),
      },
    });
    const people = await Promise.all(
      Array.from({ length: PEOPLE }, (_, i) => Client.joined(server.ws, `User ${i}`)),
    );
    assertEquals(await status(`${server.url}/readyz`), 200);

    const ending = server.end("SIGTERM");
    // Each connection may come to the isolate that hears of it last.
    while (await status(`${server.url}/readyz`) !== 503) await delay(10);
    await delay(100);
    assertEquals(await status(`${server.url}/readyz`), 503);
    assertEquals(await status(`${server.url}/healthz`), 200);
    // A balancer may send one more before it has noticed.
    const late = await Client.joined(server.ws, "Late");
    const { id } = await people[0]!.say("still here");
    await late.next("chat_message", (message) => message.id === id);
    assertEquals(people.flatMap((person) => person.all("bye")), []);

    const { code, stderr, tookMs } = await ending;
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assert(DRAIN_MS <= tookMs && tookMs < DRAIN_MS + ENDING_MS, `it took ${tookMs} ms`);
    for (const at of Map.groupBy([...people, late], ({ me }) => me.instance).values()) {
      for (const person of at) assertEquals((await person.closed).code, 1001);
      const returns = at.map((person) => person.all("bye")[0].reconnect_after_ms)
        .toSorted((a, b) => a - b);
      returns.forEach((ms, i) => assertEquals(ms, 500 + 5 * i, "200 come back in a second"));
    }
    assertEquals(people.flatMap((person) => person.all("user_left")), []);
  });
}
