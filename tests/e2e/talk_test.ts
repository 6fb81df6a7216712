import { assertEquals, assertMatch } from "@std/assert";
import { toPlain } from "../../static/js/markup/plain.js";
import { pageTest } from "../helpers/browser.ts";
import { eventually } from "../helpers/person.ts";
import { talk } from "../helpers/talk.ts";

pageTest("Alice and Bob talk, each in a browser of their own", async ({ open }) => {
  const alice = await open("/?user=Alice", { apart: true });
  await alice.linkIs("Connected");
  const bob = await open("/?user=Bob", { apart: true });
  await alice.log.getByText("Bob joined").waitFor();
  for (const person of [alice, bob]) await person.peopleAre("Alice", "Bob");

  await alice.say("Good morning, Bob");
  await bob.sees("Alice", "Good morning, Bob");
  await bob.say("Morning! 🌞");
  for (const person of [alice, bob]) {
    await person.sees("Bob", "Morning! 🌞");
    await person.seesAll(["Alice: Good morning, Bob", "Bob: Morning! 🌞"]);
  }

  const shown = await bob.messages.first().innerText();
  assertMatch(shown, /Alice\s+\d{1,2}:\d\d\s+Good morning, Bob/, "author, time and text");
});

pageTest("Alice and Bob talk in two tabs of one browser", async ({ open }) => {
  const alice = await open("/?user=Alice&room=general");
  const bob = await open("/?user=Bob");
  await bob.peopleAre("Alice", "Bob");

  await alice.say("Can you hear me?");
  await bob.sees("Alice", "Can you hear me?");
  await bob.say("Loud and clear");
  await alice.sees("Bob", "Loud and clear");

  await bob.page.reload();
  await bob.say("Still Bob");
  await alice.seesAll(["Alice: Can you hear me?", "Bob: Loud and clear", "Bob: Still Bob"]);
});

pageTest(
  "Bob is seen to type until he takes the words back, sends or falls silent",
  async ({ open }) => {
    const alice = await open("/?user=Alice", { clock: true });
    const bob = await open("/?user=Bob");
    await alice.peopleAre("Alice", "Bob");
    const notice = alice.page.getByText("Bob is typing…");

    await bob.composer.pressSequentially("Hm");
    await notice.waitFor();
    assertEquals(await bob.page.getByText("is typing…").count(), 0, "nobody is told of themselves");
    await bob.composer.fill("");
    await notice.waitFor({ state: "hidden" });

    await bob.composer.pressSequentially("Hello");
    await notice.waitFor();
    await bob.send.click();
    await alice.sees("Bob", "Hello");
    await notice.waitFor({ state: "hidden" });

    await bob.composer.pressSequentially("Well");
    await notice.waitFor();
    await alice.page.clock.runFor(5_000);
    await notice.waitFor({ state: "hidden" });
  },
);

pageTest(
  "Bob sees that Alice left when she closes her tab",
  async ({ open }) => {
    const alice = await open("/?user=Alice");
    const bob = await open("/?user=Bob");
    await bob.peopleAre("Alice", "Bob");

    await alice.page.close();
    await bob.log.getByText("Alice left").waitFor();
    await bob.peopleAre("Bob");
  },
  { PARLEY_GRACE_S: "1" },
);

pageTest(
  "what Alice and Bob say at the same time stands in one order for both",
  async ({ open }) => {
    const alice = await open("/?user=Alice");
    const bob = await open("/?user=Bob");
    await bob.peopleAre("Alice", "Bob");

    const saying = [alice, bob].map(async (person, index) => {
      for (let line = 1; line <= 5; line++) await person.say(`${line} of ${index + 1}`);
    });
    await Promise.all(saying);
    await eventually(async () => {
      assertEquals(await alice.messages.count(), 10);
      assertEquals(await alice.lines(), await bob.lines());
    });
  },
);

pageTest("twenty lines of all kinds arrive in order, word for word", async ({ open }) => {
  const alice = await open("/?user=Alice");
  const bob = await open("/?user=Bob");
  // A text field knows one kind of line break.
  const lines = talk(20).map((line) => line.replaceAll("\r\n", "\n"));
  const said: string[] = [];
  for (let from = 0; from < lines.length; from += 5) {
    const [author, speaker] = from % 10 === 0 ? ["Alice", alice] as const : ["Bob", bob] as const;
    const turn = lines.slice(from, from + 5);
    for (const line of turn) await speaker.say(line);
    said.push(...turn.map((line) => `${author}: ${toPlain(line)}`));
    for (const person of [alice, bob]) await person.seesAll(said);
  }
});
