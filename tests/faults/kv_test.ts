import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { join } from "node:path";
import { delay } from "../helpers/delay.ts";
import { ServerProcess, TemporaryFolder } from "../helpers/process.ts";
import { Client } from "../helpers/client.ts";
import { CLUSTER_SETTINGS } from "./cluster.ts";
import { Crowd } from "./crowd.ts";
import { checkDurability } from "./durability_checks.ts";
import { readTruth } from "./engine_truth.ts";
import type { Fault } from "./fault.ts";
import { RestartingServer } from "./restarting_server.ts";
import { replayable } from "./seed.ts";

const PEOPLE = 60;
/** How long people talk before something happens, and after it, in milliseconds. */
const TALK_MS = 2_000;
/** How long they may take to get all answers and to hear of everything, in milliseconds. */
const PATIENCE_MS = 15_000;
const LIFETIME_MS = 90_000;
const KILLS = 5;

function settingsIn(folder: TemporaryFolder) {
  const store = `kv:${join(folder.path, "new", "parley.db")}`;
  return { ...CLUSTER_SETTINGS, PARLEY_STORE: store, PARLEY_ISOLATES: "2", PARLEY_DRAIN_S: "0" };
}

Deno.test("two isolates over a Deno KV file are one chat, also when one dies without a word", () =>
  replayable(async (_random, seed) => {
    using folder = new TemporaryFolder();
    const settings = settingsIn(folder);
    await using server = await ServerProcess.listening({
      main: "tests/faults/faulty_main.ts",
      settings,
      lifetimeMs: LIFETIME_MS,
    });
    const place = { url: server.url, ws: server.ws, up: Promise.resolve() };
    using crowd = await Crowd.enter(place, PEOPLE, seed);
    const [one] = crowd.clients;
    const doomed = one!.notes.instance!;
    assertNotEquals(new Set(crowd.clients.map(({ notes }) => notes.instance)).size, 1);
    crowd.begin();
    await delay(TALK_MS);
    await server.tell(JSON.stringify({ instance: doomed, fault: "throw" } satisfies Fault));
    await delay(TALK_MS);
    await crowd.rest(PATIENCE_MS);
    await crowd.until(() => crowd.seesItself(), PATIENCE_MS, "everyone at everyone");
    assertMatch(server.output.stderr, new RegExp(`An isolate died.* instance=${doomed}`));
    assertEquals((await server.end()).code, 0);
    checkDurability(crowd.clients, await readTruth(settings.PARLEY_STORE, crowd.clients));
  }));

Deno.test("what was acknowledged over a Deno KV file outlives kills, once and in order", () =>
  replayable(async (random, seed) => {
    using folder = new TemporaryFolder();
    const settings = settingsIn(folder);
    await using server = new RestartingServer(random, { settings, lifetimeMs: LIFETIME_MS });
    await server.start();
    using crowd = await Crowd.enter(server, PEOPLE, seed);
    crowd.begin();
    for (let kills = 0; kills < KILLS; kills++) {
      await delay(random.integer(100, 800));
      await server.kill();
      await server.start();
    }
    await crowd.rest(PATIENCE_MS);
    assertEquals(await server.stop(), 0);
    checkDurability(crowd.clients, await readTruth(settings.PARLEY_STORE, crowd.clients));
  }));

Deno.test("a second process is told that a Deno KV file is in use, until the first one has ended, however", async () => {
  using folder = new TemporaryFolder();
  const settings = settingsIn(folder);
  await using first = await ServerProcess.listening({ settings });
  await using second = new ServerProcess({ settings });
  const { code, stdout, stderr } = await second.ended;
  assertEquals({ code, stdout }, { code: 1, stdout: "" });
  assertMatch(
    stderr,
    /^Cannot open the Deno KV file .*parley\.db as another process uses it: .*\n$/,
  );
  // The first one serves on, and leaves the file to the next one even if it is killed.
  const alice = await Client.welcomed(first.ws, { username: "Alice" });
  await alice.join();
  await alice.say("still here");
  first.signal("SIGKILL");
  await Promise.all([first.ended, alice.closed]);
  await using third = await ServerProcess.listening({ settings });
  await using returned = await Client.welcomed(third.ws, { token: alice.me.token });
  assertEquals((await returned.join()).messages.map(({ text }) => text), ["still here"]);
});
