import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Client, type Received } from "../helpers/client.ts";
import { ServerProcess, TemporaryFolder } from "../helpers/process.ts";
import { stepsAtOnce } from "../helpers/steps.ts";
import type { Fault } from "./fault.ts";
import { welcomedApart, welcomedAt } from "./welcomed_at.ts";

/** How long the people of an isolate that died may still be listed, in milliseconds: far less than the lease's 30 s. */
const GONE_WITHIN_MS = 20_000;

const LINES = Array.from({ length: 200 }, (_, i) => `Line ${i}`);

interface Death {
  readonly name: string;
  readonly fault: Fault["fault"];
  /** What happens to those that are started in its place, one after the other. */
  readonly startFaults: readonly ("throw" | "fail")[];
}

const DEATHS: readonly Death[] = [
  { name: "of an uncaught error", fault: "throw", startFaults: [] },
  { name: "of an unhandled rejection", fault: "reject", startFaults: [] },
  {
    name: "of an uncaught error, as do its successors while they start",
    fault: "throw",
    startFaults: ["throw", "fail", "throw"],
  },
];

Deno.test("an isolate that dies takes neither people nor messages with it", async (t) => {
  await stepsAtOnce(t, DEATHS, outlive);
});

async function outlive({ fault, startFaults }: Death): Promise<void> {
  using folder = new TemporaryFolder();
  using faults = new TemporaryFolder();
  await using server = await ServerProcess.listening({
    main: "tests/faults/faulty_main.ts",
    settings: {
      ...folder.store,
      PARLEY_TEST_START_FAULTS: faults.path,
      PARLEY_ISOLATES: "2",
      PARLEY_MESSAGES_PER_SECOND: "0",
      PARLEY_GRACE_S: "1",
    },
  });
  const [alice, bob] = await welcomedApart(server.ws, "Alice", "Bob");
  const doomed = alice.me.instance;
  const carol = await welcomedAt(server.ws, { username: "Carol" }, (at) => at === doomed);
  const { epoch } = await alice.join();
  await bob.join();
  await carol.join();

  // It dies while Alice speaks.
  for (const [i, one] of startFaults.entries()) {
    await Deno.writeTextFile(`${faults.path}/${one}-${i}`, "");
  }
  for (const text of LINES.slice(0, 100)) say(alice, text);
  await alice.until(() => acks(alice).size === 100, "the acks of what is said before");
  await server.tell(JSON.stringify({ instance: doomed, fault } satisfies Fault));
  for (const text of LINES.slice(100)) {
    say(alice, text);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all([alice.closed, carol.closed]);
  const diedAt = performance.now();

  // She comes back and says again what may not have been heard; Carol stays away.
  const returned = await welcomedAt(server.ws, { token: alice.me.token });
  assertEquals(returned.me.user, alice.me.user);
  await returned.join();
  const heard = acks(alice);
  for (const text of LINES) if (!heard.has(text)) say(returned, text);
  const acknowledged = () => new Map([...heard, ...acks(returned)]);
  await returned.until(() => acknowledged().size === LINES.length, "an ack of each line");

  // The isolate in its place knows who is here, and what was said.
  const survivor = bob.me.instance;
  const dora = await welcomedAt(
    server.ws,
    { username: "Dora" },
    (at) => at !== doomed && at !== survivor,
  );
  const { messages, users } = await dora.join("general", { since: { epoch, seq: 0 } });
  assertEquals(
    messages.map(({ id, text }: Received) => [text, id]),
    LINES.map((text) => [text, acknowledged().get(text)]),
    "each line is there once, in order, under the id of its acknowledgement",
  );
  const here = users.map(({ name }) => name).filter((name) => name !== "Carol");
  assertEquals(here.toSorted(), ["Alice", "Bob", "Dora"]);
  await bob.until(
    () => bob.all("chat_message").length === LINES.length,
    "all at the other isolate",
  );

  while (bob.all("user_left").length === 0) {
    assert(performance.now() - diedAt < GONE_WITHIN_MS, "Carol is still listed");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assertEquals(bob.all("user_left").map(({ username }) => username), ["Carol"]);
  assertMatch(server.output.stderr, new RegExp(`An isolate died.* instance=${doomed}`));
  assertEquals(
    server.output.stderr.match(/An isolate died/g)?.length,
    1 + startFaults.length,
    "it was started again until it lived",
  );

  for (const person of [returned, bob, dora]) await person.close();
  assertEquals((await server.end()).code, 0);
}

function say(person: Client, text: string): void {
  person.send({ type: "send", room: "general", ref: text, nonce: text, text });
}

function acks(person: Client): Map<string, string> {
  return new Map(person.all("ack").map(({ ref, id }) => [ref, id]));
}
