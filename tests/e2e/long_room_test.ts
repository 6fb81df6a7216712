import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { browserTest, DESKTOP, PHONE, type VisitOptions } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import { fillRoom, idAt, textAt } from "../helpers/long_room.ts";
import { eventually, type Person } from "../helpers/person.ts";
import { TemporaryFolder } from "../helpers/process.ts";
import { startServer, type TestServer } from "../helpers/server.ts";

const MESSAGES = 5_000;
/** When the newest message was sent. */
const NOW = Date.parse("2026-03-15T12:00:00Z");
/** How many messages may be in the tree. */
const MOST = 300;
/** How far the log is scrolled at a time, in pixels: less than a screen. */
const FAR = 500;
const SETTINGS = { PARLEY_MESSAGES_PER_SECOND: "0" };

const DEVICES: readonly [string, VisitOptions][] = [["desktop", DESKTOP], ["phone", PHONE]];

/** A test against a room with a long history, at the size of a desktop and at that of a phone. */
function longRoomTest(
  name: string,
  run: (
    stage: { server: TestServer; open: (path: string) => Promise<Person> },
  ) => Promise<void>,
): void {
  for (const [device, window] of DEVICES) {
    browserTest(`on a ${device} ${name}`, async (visitors) => {
      using folder = new TemporaryFolder();
      await fillRoom(`${folder.path}/parley.db`, MESSAGES, NOW);
      const server = await startServer({ ...folder.store, ...SETTINGS });
      try {
        const open = (path: string) =>
          visitors.open(new URL(path, server.url).href, { ...window, timezoneId: "UTC" });
        await run({ server, open });
      } finally {
        await visitors.leave();
        await server[Symbol.asyncDispose]();
      }
    });
  }
}

longRoomTest(
  "a long room scrolls up and down without a hole, and few messages are in the tree",
  async ({ open }) => {
    const alice = await open("/?user=Alice");
    await alice.sees(speakerAt(MESSAGES), textAt(MESSAGES));
    const up = await scrollUntil(alice, -FAR, 4_400);
    assertWhole(up, 4_400, MESSAGES);
    const down = await scrollUntil(alice, FAR, MESSAGES);
    assertWhole(down, 4_450, MESSAGES);
    await eventually(async () => assertEquals(await jump(alice).isVisible(), false));
  },
);

longRoomTest(
  "who reads far from the end is not disturbed, and comes back with one press",
  async ({ open, server }) => {
    await using bob = await Client.joined(server.ws, "Robert");
    const alice = await open("/?user=Alice");
    await alice.sees(speakerAt(MESSAGES), textAt(MESSAGES));
    await scrollUntil(alice, -FAR, 4_400);
    await isCalm(alice);
    const read = alice.message(await firstInView(alice));
    const place = await read.boundingBox();
    await bob.say("news");
    await bob.say("and more");
    await alice.page.getByRole("button", { name: "2 new messages" }).waitFor();
    assertEquals(await read.boundingBox(), place);
    assertEquals(await alice.log.getByText("and more").count(), 0);

    await jump(alice).click();
    await alice.sees("Robert", "and more");
    await jump(alice).waitFor({ state: "hidden" });
    assert(await isInView(alice, "and more"));

    await scrollUntil(alice, -FAR, 4_400);
    await alice.composer.fill("I am here");
    await alice.send.click();
    await alice.sees("Alice", "I am here");
    assert(await isInView(alice, "I am here"));
  },
);

longRoomTest(
  "who is above the oldest message that is there stays with it when older ones come",
  async ({ open }) => {
    const alice = await open("/?user=Alice");
    await alice.sees(speakerAt(MESSAGES), textAt(MESSAGES));
    await isCalm(alice);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await alice.page.route(/\/messages\?/, async (route) => {
      await released;
      await route.continue();
    });
    const fetching = alice.log.getByText("Fetching earlier messages…");
    await eventually(async () => {
      await alice.log.evaluate((log) => log.scrollTo(0, 0));
      assert(await fetching.isVisible());
    });
    const text = await firstInView(alice);
    const place = await alice.message(text).boundingBox();
    release();
    await fetching.waitFor({ state: "detached" });
    await isCalm(alice);
    // Not its height: it may go on with what its author said before. A log scrolls by whole pixels, so each of the steps
    // in which rows come is off by up to half of one; without a hold the message would go by a row at least.
    assertAlmostEquals((await alice.message(text).boundingBox())!.y, place!.y, 3);
  },
);

longRoomTest(
  "a quote of long ago says what it quotes, leads there, and another way leads back",
  async ({ open }) => {
    const alice = await open("/?user=Alice");
    const answer = alice.message(textAt(MESSAGES));
    const quote = answer.getByRole("button", { name: `${speakerAt(4_000)}: ${textAt(4_000)}` });
    await quote.click();
    await hasFocus(alice, textAt(4_000));
    await scrollUntil(alice, -FAR, 3_800);
    await scrollUntil(alice, FAR, 4_150);
    await jump(alice).click();
    await answer.waitFor();
    assert(await isInView(alice, textAt(MESSAGES)));
  },
);

longRoomTest(
  "the address of a message opens there, and is copied from the message",
  async ({ open }) => {
    const alice = await open(`/r/general?at=${idAt(123)}&user=Alice`);
    await hasFocus(alice, textAt(123));
    assertWhole(await numbers(alice), 100, 150);

    await alice.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await alice.page.keyboard.press("ArrowDown");
    await hasFocus(alice, textAt(124));
    await alice.page.keyboard.press("l");
    await alice.page.getByText("Link copied").waitFor();
    const copied = await alice.page.evaluate("navigator.clipboard.readText()");
    assertEquals(copied, new URL(`/r/general?at=${idAt(124)}`, alice.page.url()).href);

    await alice.page.reload();
    await hasFocus(alice, textAt(123));
    await jump(alice).click();
    await alice.message(textAt(MESSAGES)).waitFor();
    await eventually(() => assertEquals(new URL(alice.page.url()).searchParams.get("at"), null));

    alice.expects(/status of 404/);
    await alice.page.goto(new URL("/r/general?at=nothing", alice.page.url()).href);
    await alice.page.getByText("That message is not here any more.").waitFor();
  },
);

longRoomTest(
  "a date leads to the first message of that day, and a day without any to the next",
  async ({ open }) => {
    const alice = await open("/?user=Alice");
    await alice.sees(speakerAt(MESSAGES), textAt(MESSAGES));
    await goToDate(alice, "2026-03-10");
    await alice.log.getByText(/^Tuesday,? 10 March$/).waitFor();
    // From then on there are 480 messages a day, and the last one is of noon.
    const first = MESSAGES - 5 * 480 - 240;
    await hasFocus(alice, textAt(first));

    await goToDate(alice, "2020-01-01");
    await hasFocus(alice, textAt(1));
    await alice.page.getByText("This is where the conversation begins.").waitFor();
  },
);

longRoomTest("Home, End and the pages lead through a long room by keyboard", async ({ open }) => {
  const alice = await open("/?user=Alice");
  await alice.message(textAt(MESSAGES)).waitFor();
  const { keyboard } = alice.page;
  await alice.message(textAt(MESSAGES)).focus();
  await keyboard.press("Home");
  await hasFocus(alice, textAt(1));
  assert(await isInView(alice, "This is where the conversation begins."));

  await keyboard.press("PageDown");
  await eventually(async () => assert((await focusedNumber(alice)) > 5, "a page further"));
  const reached = await focusedNumber(alice);
  for (let page = 0; page < 12; page++) await keyboard.press("PageDown");
  await eventually(async () => assert((await focusedNumber(alice)) > reached + 50, "and on"));
  await keyboard.press("End");
  await hasFocus(alice, textAt(MESSAGES));
  await keyboard.press("PageUp");
  await eventually(async () => assert((await focusedNumber(alice)) < MESSAGES - 5, "a page back"));
});

longRoomTest(
  "what changes out of sight is right when it comes into view again",
  async ({ open, server }) => {
    await using bob = await Client.joined(server.ws, "Robert");
    const { id } = await bob.say("to be changed");
    const alice = await open("/?user=Alice");
    await alice.sees("Robert", "to be changed");
    await goToDate(alice, "2026-03-10");
    await alice.log.getByText(/^Tuesday,? 10 March$/).waitFor();
    bob.send({ type: "edit", room: "general", id, text: "changed" });
    await jump(alice).click();
    await alice.message("changed").getByText("edited").waitFor();
    assertEquals(await alice.message("to be changed").count(), 0);
  },
);

/** Scrolls until a message is in view, and answers the numbers of all messages that were in the tree meanwhile. */
async function scrollUntil(person: Person, pixels: number, pos: number): Promise<number[]> {
  const seen = new Set<number>();
  for (let turn = 0; turn < 400; turn++) {
    const now = await numbers(person);
    for (const number of now) seen.add(number);
    assert(now.length <= MOST, `${now.length} messages are in the tree`);
    if (now.includes(pos) && await isInView(person, textAt(pos))) return [...seen];
    await person.log.evaluate((log, by) => {
      log.scrollBy(0, by);
      const { defaultView: window } = log.ownerDocument;
      return new Promise((resolve) => window.requestAnimationFrame(resolve));
    }, pixels);
  }
  throw new Error(`Message ${pos} did not come into view`);
}

/** The numbers of the messages in the tree. */
async function numbers({ log }: Person): Promise<number[]> {
  const texts: string[] = await log.evaluate((element) =>
    [...element.querySelectorAll("article .text")].map(({ textContent }) => textContent)
  );
  return texts.flatMap((text) => /^message (\d+)/.exec(text)?.[1] ?? []).map(Number);
}

function assertWhole(seen: readonly number[], from: number, to: number): void {
  const held = new Set(seen);
  const missing = [];
  for (let number = from; number <= to; number++) if (!held.has(number)) missing.push(number);
  assertEquals(missing, []);
}

/** The text of the first message that is wholly in view. */
function firstInView({ log }: Person): Promise<string> {
  return log.evaluate((element) => {
    const { top } = element.getBoundingClientRect();
    return [...element.querySelectorAll("article")].find((article) =>
      article.getBoundingClientRect().top >= top
    ).querySelector(".text").textContent;
  });
}

/** Waits until nothing is fetched any more. */
async function isCalm(person: Person): Promise<void> {
  let before = "";
  await eventually(async () => {
    const [first, count] = [await firstInView(person), await person.messages.count()];
    const now = `${first} ${count}`;
    const same = now === before;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert(same, "the log still changes");
  });
}

async function isInView({ log }: Person, text: string): Promise<boolean> {
  const line = log.getByText(text, { exact: true });
  const [frame, box] = await Promise.all([log.boundingBox(), line.first().boundingBox()]);
  return box !== null && frame !== null && box.y + box.height > frame.y &&
    box.y < frame.y + frame.height;
}

async function hasFocus(person: Person, text: string): Promise<void> {
  await eventually(async () =>
    assertEquals(
      await person.page.evaluate("document.activeElement.querySelector('.text')?.textContent"),
      text,
    )
  );
  assert(await isInView(person, text), `"${text}" must be in view`);
}

async function focusedNumber({ page }: Person): Promise<number> {
  const text = await page.evaluate("document.activeElement.querySelector('.text')?.textContent");
  return Number(/^message (\d+)/.exec(String(text))?.[1]);
}

async function goToDate({ page }: Person, date: string): Promise<void> {
  await page.getByRole("button", { name: "Go to date" }).click();
  await page.getByRole("dialog", { name: "Go to date" }).getByLabel("Date").fill(date);
  await page.getByRole("button", { name: "Go", exact: true }).click();
}

function jump({ page }: Person) {
  return page.getByRole("button", { name: /^Jump to newest|new message/ });
}

function speakerAt(pos: number): string {
  return ["Bob", "Carol", "Dan", "Eve"][Math.floor(pos / 2.5) % 4]!;
}
