import type { Locator } from "playwright-core";
import { assert, assertEquals } from "@std/assert";
import { DESKTOP, pageTest, PHONE } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import { looksSound } from "../helpers/looks.ts";
import { eventually, type Person } from "../helpers/person.ts";

/** What makes a room busy: long words, short ones, several lines, several scripts. */
const TALK = [
  ["Maximilian Featherstonehaugh-Smy", "Good morning, everyone."],
  [
    "Bo",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".repeat(2),
  ],
  ["Bo", "one\ntwo\n\nthree, after a blank line"],
  ["שירה", "שלום לכולם, this goes from the right to the left"],
  ["Maximilian Featherstonehaugh-Smy", "https://example.com/" + "a-long-path/".repeat(12)],
  ["さくら", "おはようございます 🌸👩‍👩‍👧‍👦🏳️‍🌈"],
  ["Bo", "A paragraph of some length. ".repeat(12)],
] as const;

for (const [device, window] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
  pageTest(
    `on a ${device} all fits the window and is accessible, in light and dark`,
    async ({ open, server }) => {
      // Without motion, or colours would be measured halfway from one theme to the other.
      const still = { reducedMotion: "reduce", clock: true } as const;
      const alice = await open("/", { ...window, ...still });
      await alice.nameField.waitFor();
      await isSound(alice, `${device}-sign-in`);
      alice.expects(/status of 4\d\d/);
      await alice.signIn("x".repeat(40));
      await alice.page.getByRole("alert").getByText(/32/).waitFor();
      await isSound(alice, `${device}-sign-in-problem`);

      await alice.signIn("Alice");
      await alice.linkIs("Connected");
      await isSound(alice, `${device}-room-empty`);

      await using _talk = await talkIn(server.ws);
      await eventually(async () => assertEquals(await alice.messages.count(), TALK.length));
      await alice.composer.fill("A draft\nof three\nlines");
      await isSound(alice, `${device}-room-busy`);

      if (device === "phone") await looksAround(alice);
      alice.expects(/net::ERR_INTERNET_DISCONNECTED/);
      await alice.page.context().setOffline(true);
      await alice.linkIs("Offline");
      await isSound(alice, `${device}-offline`);
    },
  );
}

/** Checks the panes that a phone shows one at a time. */
async function looksAround(person: Person): Promise<void> {
  const press = (name: string) => person.page.getByRole("button", { name }).click();
  await press("People");
  await person.people.first().waitFor();
  await isSound(person, "phone-people");
  await press("Back to messages");
  await press("Back to rooms");
  await person.room("general").waitFor();
  await isSound(person, "phone-rooms");
  await person.room("general").click();
}

/** Lets several people talk in `general`, who stay until they are disposed of. */
async function talkIn(ws: string): Promise<AsyncDisposable> {
  const people = new AsyncDisposableStack();
  const speakers = new Map<string, Client>();
  for (const [name, text] of TALK) {
    if (!speakers.has(name)) speakers.set(name, people.use(await Client.joined(ws, name)));
    await speakers.get(name)!.say(text);
  }
  return people;
}

/** Checks that all there is fits the window, is in reach and is accessible. */
async function isSound({ page, composer }: Person, state: string): Promise<void> {
  if (await composer.isVisible()) await isInReach(composer);
  await looksSound(page, state);
}

/** Checks that all of something is within the window. */
async function isInReach(target: Locator): Promise<void> {
  const { width, height } = target.page().viewportSize()!;
  const box = (await target.boundingBox())!;
  const inside = box.x >= 0 && box.x + box.width <= width && box.y >= 0 &&
    box.y + box.height <= height;
  assert(inside, `${target} is out of reach: ${JSON.stringify(box)}`);
}
