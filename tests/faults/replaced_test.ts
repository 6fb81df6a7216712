import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { CAN_COPY } from "../../lib/store/sqlite_copy.ts";
import { Client } from "../helpers/client.ts";
import { ServerProcess, TemporaryFolder } from "../helpers/process.ts";
import { stepsAtOnce } from "../helpers/steps.ts";
import { runTool } from "../helpers/tool.ts";
import { welcomedApart } from "./welcomed_at.ts";

/** How soon everyone must be sent to the other log, in milliseconds. */
const WITHIN_MS = 10_000;

/** What replaces a database, and what is then in it. */
interface Replacement {
  readonly name: string;
  /** Replaces the database in `folder`, of which `folder/copy.db` is a backup. */
  readonly replace: (folder: TemporaryFolder) => Promise<void>;
  readonly texts: readonly string[];
}

const OLD = ["old 1", "old 2"];

const REPLACEMENTS: readonly Replacement[] = [
  { name: "restored by the tool", replace: restoreByTool, texts: OLD },
  {
    name: "replaced by a backup",
    replace: ({ path }) => Deno.rename(`${path}/copy.db`, `${path}/parley.db`),
    texts: OLD,
  },
  {
    name: "removed, with what is beside it",
    replace: async ({ path }) => {
      for (const end of ["", "-wal", "-shm"]) await Deno.remove(`${path}/parley.db${end}`);
    },
    texts: [],
  },
  {
    name: "removed alone",
    replace: ({ path }) => Deno.remove(`${path}/parley.db`),
    texts: [],
  },
];

/** Those that are possible here: some releases of Deno cannot make a backup. */
const POSSIBLE = REPLACEMENTS.filter(({ texts }) => CAN_COPY || texts !== OLD);

async function restoreByTool(folder: TemporaryFolder): Promise<void> {
  const { code, stderr } = await runTool("restore", [`${folder.path}/copy.db`], folder.store);
  assertEquals([code, stderr], [0, ""]);
}

/** Says a few things, of which a backup is made, and a few more. */
async function talk(alice: Client, folder: TemporaryFolder): Promise<void> {
  for (const text of OLD) await alice.say(text);
  if (CAN_COPY) {
    const { code, stderr } = await runTool("backup", [`${folder.path}/copy.db`], folder.store);
    assertEquals([code, stderr], [0, ""]);
  }
  for (let i = 1; i <= 5; i++) await alice.say(`new ${i}`);
}

Deno.test("a server whose database is replaced sends everyone to what is there now", async (t) => {
  await stepsAtOnce(t, POSSIBLE, async ({ replace, texts }) => {
    using folder = new TemporaryFolder();
    const settings = { ...folder.store, PARLEY_ISOLATES: "2" };
    await using server = await ServerProcess.listening({ settings });
    const [alice, bob] = await welcomedApart(server.ws, "Alice", "Bob");
    const { epoch } = await alice.join();
    await bob.join();
    const plain = await Client.plainJoined(server.ws, { username: "Carol" });
    await talk(alice, folder);
    const late = performance.now() + WITHIN_MS;
    await replace(folder);
    const closes = await Promise.all([alice, bob, plain].map(({ closed }) => closed));
    assertEquals(closes.map(({ code }) => code), [1012, 1012, 1012]);
    assert(performance.now() < late, "they were told too late");

    await using back = await Client.welcomed(server.ws, { token: alice.me.token });
    await using bobToo = await Client.welcomed(server.ws, { token: bob.me.token });
    await goOn(back, epoch, texts);
    await bobToo.join("general", { since: { epoch, seq: 7 } });
    assertEquals((await bobToo.say("I am here, too")).seq, texts.length + 2);
    await back.next("chat_message", ({ username }) => username === "Bob");
    assertEquals(back.all("user_left"), []);
    const { code, stderr } = await server.end();
    assertEquals([code, stderr], [0, ""]);
  });
});

Deno.test("a server whose database was restored while it was stopped goes on from there", {
  ignore: !CAN_COPY,
}, async () => {
  using folder = new TemporaryFolder();
  const options = { settings: { ...folder.store, PARLEY_ISOLATES: "2" } };
  await using server = await ServerProcess.listening(options);
  const alice = await Client.welcomed(server.ws, { username: "Alice" });
  const { epoch } = await alice.join();
  await talk(alice, folder);
  await server.end();
  await restoreByTool(folder);
  await using again = await ServerProcess.listening(options);
  await using back = await Client.welcomed(again.ws, { token: alice.me.token });
  await goOn(back, epoch, OLD);
});

/** Joins as one who has seen all of the log that is gone, and says something in the one that is there. */
async function goOn(client: Client, goneEpoch: string, texts: readonly string[]): Promise<void> {
  const joined = await client.join("general", { since: { epoch: goneEpoch, seq: 7 } });
  assertNotEquals(joined.epoch, goneEpoch);
  assertEquals([joined.recovered, joined.seq], [false, texts.length]);
  assertEquals(joined.messages.map(({ text }) => text), [...texts]);
  assertEquals((await client.say("and on")).seq, texts.length + 1);
  const again = await client.join("general", { since: { epoch: joined.epoch, seq: joined.seq } });
  assertEquals([again.recovered, again.messages.map(({ text }) => text)], [true, ["and on"]]);
}
