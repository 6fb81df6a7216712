import { assert, assertEquals } from "@std/assert";
import { delay } from "../helpers/delay.ts";
import { TemporaryFolder } from "../helpers/process.ts";
import { Random } from "../simulation/random.ts";
import { checkDurability, readStored } from "./durability_checks.ts";
import { RestartingServer } from "./restarting_server.ts";
import { replayable } from "./seed.ts";
import { soon } from "./soon.ts";
import { TirelessClient } from "./tireless_client.ts";

const CLIENTS = 20;
const KILLS = 10;
/** How long after it listens a server is killed, at the least and at the most, in milliseconds. */
const LIFE_MS = [30, 400] as const;
/** How long clients may take to get all answers and to hear of everything, in milliseconds. */
const PATIENCE_MS = 10_000;

for (const isolates of [1, 2]) {
  Deno.test(
    `what was acknowledged outlives ten kills, once and in order, at ${isolates} isolate(s)`,
    () => replayable((random, seed) => killAgainAndAgain(isolates, random, seed)),
  );
}

async function killAgainAndAgain(isolates: number, random: Random, seed: number): Promise<void> {
  using folder = new TemporaryFolder();
  const settings = {
    ...folder.store,
    PARLEY_ISOLATES: String(isolates),
    PARLEY_MESSAGES_PER_SECOND: "0",
    PARLEY_MAX_REPLAY: "10000",
  };
  await using server = new RestartingServer(random, { settings });
  await server.start();
  const clients = await Promise.all(
    Array.from(
      { length: CLIENTS },
      (_, index) => TirelessClient.start(server, `User ${index}`, new Random(seed + index + 1)),
    ),
  );
  for (const client of clients) client.begin();
  try {
    for (let kills = 0; kills < KILLS; kills++) {
      await delay(random.integer(...LIFE_MS));
      await server.kill();
      await server.start();
    }
    const answered = Promise.all(clients.map((client) => client.finish()));
    await soon(answered, PATIENCE_MS, "an answer to everything");
    await soon(allEqual(clients), PATIENCE_MS, "the same at all clients");
  } finally {
    for (const client of clients) client.leave();
  }
  assertEquals(await server.stop(), 0);

  checkDurability(clients, readStored(`${folder.path}/parley.db`));
  const asked = clients.flatMap(({ asked }) => [...asked.values()]);
  const again = asked.filter(({ attempts }) => attempts > 1);
  assert(again.length >= KILLS, "the kills came while commands were under way");
}

async function allEqual(clients: readonly TirelessClient[]): Promise<void> {
  while (new Set(clients.map(({ room }) => room.seq)).size > 1) await delay(10);
}
