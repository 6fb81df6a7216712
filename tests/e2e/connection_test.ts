import { assertEquals } from "@std/assert";
import { browserTest, pageTest } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import type { Person } from "../helpers/person.ts";
import { ServerProcess, TemporaryFolder } from "../helpers/process.ts";

/** What the browser itself logs of a socket that does not open, and of a request that is not answered. */
const UNREACHABLE = /^WebSocket connection to .* failed|net::ERR_/;
/** A close code after which a page comes back. */
const BROKEN = { code: 4000 };

browserTest(
  "a server that is killed and comes back finds everybody there, and loses and repeats nothing",
  async (visitors) => {
    using folder = new TemporaryFolder();
    await using first = await ServerProcess.listening({ settings: folder.store });
    const alice = await visitors.open(`${first.url}/?user=Alice`);
    const bob = await visitors.open(`${first.url}/?user=Bob`);
    for (const person of [alice, bob]) person.expects(UNREACHABLE);
    await alice.say("Before the crash");
    await bob.say("Seen it");
    await alice.sees("Bob", "Seen it");

    await first.end("SIGKILL");
    for (const person of [alice, bob]) await person.linkIs("Reconnecting…");
    await alice.say("While it is away");
    await isWaiting(alice, "While it is away");

    const { port } = new URL(first.url);
    await using _second = await ServerProcess.listening({
      settings: { ...folder.store, PORT: port },
    });
    for (const person of [alice, bob]) {
      await person.linkIs("Connected");
      await person.peopleAre("Alice", "Bob");
    }
    await bob.sees("Alice", "While it is away");
    await bob.say("Welcome back");
    for (const person of [alice, bob]) {
      await person.seesAll([
        "Alice: Before the crash",
        "Bob: Seen it",
        "Alice: While it is away",
        "Bob: Welcome back",
      ]);
    }
  },
);

pageTest(
  "what Alice writes while her network is away is sent once it is back, and once only",
  async ({ open }) => {
    const alice = await open("/?user=Alice", { apart: true });
    const bob = await open("/?user=Bob");
    await alice.peopleAre("Alice", "Bob");
    alice.expects(UNREACHABLE);
    const network = alice.page.context();

    await network.setOffline(true);
    await alice.linkIs("Offline");
    for (const text of ["Into the silence", "And once more"]) {
      await alice.say(text);
      await isWaiting(alice, text);
    }
    await bob.say("Where is Alice?");
    await bob.sees("Bob", "Where is Alice?");

    await network.setOffline(false);
    await alice.linkIs("Connected");
    for (const person of [alice, bob]) {
      await person.seesAll([
        "Bob: Where is Alice?",
        "Alice: Into the silence",
        "Alice: And once more",
      ]);
    }
  },
);

pageTest(
  "a message whose confirmation is lost with the connection is sent again, and stands there once",
  async ({ open, server }) => {
    const bob = await open("/?user=Bob");
    const alice = await open("about:blank");
    let confirmed = 0;
    await alice.page.routeWebSocket("**/ws*", (page) => {
      const parley = page.connectToServer();
      parley.onMessage((frame) => {
        if (!frame.includes('"ack"') || confirmed++ > 0) return page.send(frame);
        parley.close(BROKEN);
        page.close(BROKEN);
      });
    });
    await alice.page.goto(`${server.url}/?user=Alice`);

    await alice.say("Did that arrive?");
    await bob.sees("Alice", "Did that arrive?");
    await alice.sees("Alice", "Did that arrive?");
    await bob.say("Once");
    for (const person of [alice, bob]) {
      await person.seesAll(["Alice: Did that arrive?", "Bob: Once"]);
    }
    assertEquals(confirmed, 2);
  },
);

browserTest(
  "Alice whose name somebody took meanwhile is told so, and does not try again",
  async (visitors) => {
    const settings = { PARLEY_STORE: "memory:", PARLEY_SECRET: "the same after the restart" };
    await using first = await ServerProcess.listening({ settings });
    const alice = await visitors.open(`${first.url}/?user=Alice`, { clock: true });
    await alice.linkIs("Connected");
    alice.expects(UNREACHABLE);

    await first.end("SIGKILL");
    await alice.linkIs("Reconnecting…");
    await alice.page.context().setOffline(true);
    const { port } = new URL(first.url);
    await using second = await ServerProcess.listening({ settings: { ...settings, PORT: port } });
    await using _thief = await Client.joined(second.ws, "Alice");
    await alice.page.context().setOffline(false);

    await staysAway(alice, /Alice/);
  },
);

pageTest(
  "Alice who signs out in one tab is signed out in the other, which does not try again",
  async ({ open }) => {
    const alice = await open("/", { clock: true });
    await alice.signIn("Alice");
    await alice.linkIs("Connected");
    const other = await open("/");
    await other.linkIs("Connected");

    await other.page.getByRole("button", { name: "Sign out" }).click();
    await staysAway(alice, /not signed in/);
  },
);

/** Waits until a message of the person's own is shown as one that the server does not have yet. */
async function isWaiting(person: Person, text: string): Promise<void> {
  await person.message(text, /waiting/).waitFor();
}

/** Waits until the card says why the person is out, and checks that the page opens no socket from then on. */
async function staysAway(person: Person, why: RegExp): Promise<void> {
  await person.page.getByRole("alert").getByText(why).waitFor();
  const { length } = person.sockets;
  await person.page.clock.runFor(60_000);
  assertEquals(person.sockets.length, length);
}
