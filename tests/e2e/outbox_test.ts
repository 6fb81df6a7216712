import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { openBehind } from "../helpers/behind.ts";
import { pageTest } from "../helpers/browser.ts";
import { eventually, type Person } from "../helpers/person.ts";

/** What the browser itself logs while the network is cut. */
const UNREACHABLE = /^WebSocket connection to .* failed|net::ERR_/;
/** Longer than a silent network goes unnoticed, in milliseconds. */
const SILENCE_MS = 10_000;

pageTest(
  "what was on its way when the page was reloaded arrives once, and in order",
  async (stage) => {
    const line = { deaf: false };
    const alice = await openBehind(
      stage,
      "/?user=Alice",
      (from, frame) => from === "server" && line.deaf ? undefined : frame,
    );
    const bob = await stage.open("/?user=Bob", { apart: true });
    await alice.peopleAre("Alice", "Bob");

    // The first is stored, and its confirmation is lost; the others wait behind it.
    line.deaf = true;
    for (const text of ["one", "two", "three"]) await alice.say(text);
    await bob.sees("Alice", "one");
    for (const text of ["one", "two", "three"]) await isWaiting(alice, text);
    line.deaf = false;
    await alice.page.reload();
    await alice.say("four");

    for (const person of [alice, bob]) {
      await person.seesAll(["one", "two", "three", "four"].map((text) => `Alice: ${text}`));
    }
  },
);

pageTest(
  "what was on its way when the network went arrives once, and in order",
  async ({ open }) => {
    const alice = await open("/?user=Alice", { apart: true, clock: true });
    const bob = await open("/?user=Bob", { apart: true });
    await alice.peopleAre("Alice", "Bob");
    alice.expects(UNREACHABLE);
    const network = alice.page.context();
    const texts = Array.from({ length: 8 }, (_, index) => `line ${index}`);
    for (const [index, text] of texts.entries()) {
      if (index === 3) network.setOffline(true);
      await alice.say(text);
    }
    await isWaiting(alice, "line 7");
    await alice.page.clock.runFor(SILENCE_MS);
    await alice.linkIs("Offline");
    await network.setOffline(false);
    for (const person of [alice, bob]) {
      await person.seesAll(texts.map((text) => `Alice: ${text}`));
    }
  },
);

pageTest(
  "what somebody wrote without a network is sent when they come back, though they closed the page",
  async ({ open }) => {
    const bob = await open("/?user=Bob", { apart: true });
    const alice = await open("/");
    await alice.signIn("Alice");
    await bob.peopleAre("Alice", "Bob");
    alice.expects(UNREACHABLE);

    await alice.page.context().setOffline(true);
    await alice.say("written on the train");
    await isWaiting(alice, "written on the train");
    const next = await open("about:blank");
    await alice.page.close();
    await next.page.context().setOffline(false);
    await next.page.goto(new URL("/", bob.page.url()).href);

    for (const person of [next, bob]) await person.seesAll(["Alice: written on the train"]);
  },
);

pageTest(
  "of two tabs of one person one does the sending, and the other takes over when it goes",
  async ({ open }) => {
    const bob = await open("/?user=Bob", { apart: true });
    const first = await open("/");
    await first.signIn("Alice");
    await first.linkIs("Connected");
    const second = await open("about:blank");
    const sent = { first: countSends(first.page), second: countSends(second.page) };
    await second.page.goto(first.page.url());
    await second.linkIs("Connected");

    const texts: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (const [name, tab] of Object.entries({ first, second })) {
        await tab.say(`${name} ${round}`);
        await bob.sees("Alice", `${name} ${round}`);
        texts.push(`Alice: ${name} ${round}`);
      }
    }
    for (const person of [first, second, bob]) await person.seesAll(texts);
    // The first socket began before it was watched: it sends, and the second does not.
    assertEquals(sent.second.count, 0);

    await second.openRoom("random");
    await second.say("in a room that the other tab has not opened");
    await second.sees("Alice", "in a room that the other tab has not opened");
    assertEquals(sent.second.count, 0);

    await first.page.close();
    await second.room("general").click();
    await second.say("alone now");
    for (const person of [second, bob]) await person.seesAll([...texts, "Alice: alone now"]);
    assertEquals(sent.second.count, 1);
  },
);

pageTest("two people in two tabs of one browser keep their messages apart", async ({ open }) => {
  const alice = await open("/?user=Alice");
  const bob = await open("/?user=Bob");
  await alice.peopleAre("Alice", "Bob");
  for (const person of [alice, bob]) person.expects(UNREACHABLE);
  const network = alice.page.context();
  await network.setOffline(true);
  await alice.say("from Alice");
  await bob.say("from Bob");
  await isWaiting(alice, "from Alice");
  assertEquals(await alice.lines(), ["Alice: from Alice"]);
  assertEquals(await bob.lines(), ["Bob: from Bob"]);
  await network.setOffline(false);
  for (const person of [alice, bob]) {
    await eventually(async () =>
      assertEquals((await person.lines()).sort(), ["Alice: from Alice", "Bob: from Bob"])
    );
  }
});

pageTest(
  "a message that is refused says so and lets the others pass; it can be sent again or given up",
  async (stage) => {
    const line = { refuses: true };
    const alice = await openBehind(
      stage,
      "/?user=Alice",
      (from, frame) =>
        from === "page" && line.refuses ? frame.replace(`"text":"odd"`, `"text":""`) : frame,
    );
    const bob = await stage.open("/?user=Bob", { apart: true });
    await alice.say("odd");
    await alice.say("even");
    await bob.seesAll(["Alice: even"]);

    const odd = alice.message("odd", /not sent/);
    line.refuses = false;
    await odd.getByRole("button", { name: "Try again" }).click();
    for (const person of [alice, bob]) await person.seesAll(["Alice: even", "Alice: odd"]);

    line.refuses = true;
    await alice.say("odd");
    await odd.getByRole("button", { name: "Delete" }).click();
    for (const person of [alice, bob]) await person.seesAll(["Alice: even", "Alice: odd"]);
  },
);

pageTest("in a browser that keeps nothing people talk all the same", async ({ open, server }) => {
  const alice = await open("about:blank", { apart: true });
  await alice.page.addInitScript(
    `Object.defineProperty(globalThis, "indexedDB", { get() { throw new Error("forbidden"); } });
     Object.defineProperty(globalThis, "localStorage", { get() { throw new Error("forbidden"); } });`,
  );
  await alice.page.goto(`${server.url}/?user=Alice`);
  const bob = await open("/?user=Bob", { apart: true });
  await alice.say("Hello");
  for (const person of [alice, bob]) await person.seesAll(["Alice: Hello"]);
});

pageTest("a draft is there again after a reload, each in its room", async ({ open }) => {
  const alice = await open("/?user=Alice", { apart: true });
  await alice.linkIs("Connected");
  await alice.composer.fill("for general");
  await alice.openRoom("random");
  await eventually(async () => assertEquals(await alice.composer.inputValue(), ""));
  await alice.composer.fill("for random");
  await alice.page.reload();
  await eventually(async () => assertEquals(await alice.composer.inputValue(), "for random"));
  await alice.room("general").click();
  await eventually(async () => assertEquals(await alice.composer.inputValue(), "for general"));

  await alice.send.click();
  await alice.sees("Alice", "for general");
  await alice.page.reload();
  await alice.sees("Alice", "for general");
  assertEquals(await alice.composer.inputValue(), "");
});

/** Counts the messages that a page sends from now on. */
function countSends(page: Page): { count: number } {
  const sent = { count: 0 };
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => {
      if (String(payload).includes(`"type":"send"`)) sent.count++;
    });
  });
  return sent;
}

/** Waits until a message of the person's own is shown as one that the server does not have yet. */
async function isWaiting(person: Person, text: string): Promise<void> {
  await person.message(text, /waiting/).waitFor();
}
