import { assert, assertEquals } from "@std/assert";
import { pageTest } from "../helpers/browser.ts";
import type { Person } from "../helpers/person.ts";

const HOSTILE = [
  `<script>globalThis.harmed = true</script>`,
  `<img src="/harm.png" onerror="globalThis.harmed = true">`,
  `<svg onload="globalThis.harmed = true"></svg><b style="position:fixed;inset:0">over all</b>`,
  `</p></article><style>* { display: none }</style>`,
  `&lt;b&gt; &amp; &#60;i&#62;`,
  `"><a href="javascript:globalThis.harmed = true">here</a>`,
  "${globalThis.harmed = true} {{harmed}} %3Cscript%3E",
] as const;

/** Turns the direction of all that follows around, and opens isolates that it does not close. */
const TURNED = "\u202E\u2067\u2066\u202D\u202Egnp.exe \u05E9\u05DC\u05D5\u05DD";

pageTest("markup in a message is shown as text, and nothing of it runs", async ({ open }) => {
  const alice = await open("/?user=Alice");
  const bob = await open("/?user=Bob");
  for (const text of HOSTILE) await alice.say(text);
  for (const person of [alice, bob]) {
    await person.seesAll(HOSTILE.map((text) => `Alice: ${text}`));
    for (const text of HOSTILE) await isOnlyText(person, text);
    assertEquals(await person.page.evaluate("globalThis.harmed"), undefined);
  }
});

pageTest("markup in a name is shown as text, wherever the name stands", async ({ open }) => {
  const name = `<img src=x onerror=harmed=1>`;
  const bob = await open("/?user=Bob");
  await bob.linkIs("Connected");
  const mallory = await open(`/?user=${encodeURIComponent(name)}`);
  await bob.log.getByText(`${name} joined`).waitFor();
  await bob.peopleAre("Bob", name);
  await mallory.composer.pressSequentially("x");
  await bob.page.getByText(`${name} is typing…`).waitFor();
  await mallory.send.click();
  for (const person of [mallory, bob]) {
    await person.sees(name, "x");
    assertEquals(await person.page.evaluate("globalThis.harmed"), undefined);
  }
});

pageTest(
  "a message that turns the direction around leaves all other lines as they are",
  async ({ open }) => {
    const alice = await open("/?user=Alice");
    await alice.say("the line before");
    await alice.say("a line of somebody else's");
    await alice.sees("Alice", "a line of somebody else's");
    const before = await leftEdge(alice, "the line before");

    const bob = await open("/?user=Bob");
    await bob.say(TURNED);
    await bob.say("the line after");
    await alice.sees("Bob", "the line after");
    await alice.message(TURNED).waitFor();

    assertEquals(await leftEdge(alice, "the line before"), before);
    for (const line of ["a line of somebody else's", "the line after"]) {
      assertEquals(await leftEdge(alice, line), before, line);
    }
    const [author, time] = await Promise.all([
      leftEdge(alice, "Bob", alice.message(TURNED)),
      alice.message(TURNED).getByRole("time").boundingBox(),
    ]);
    assert(time!.x > author, "the time stands behind the author");
  },
);

/** Checks that what shows a text holds nothing but the text. */
async function isOnlyText({ log }: Person, text: string): Promise<void> {
  const shown = log.getByText(text, { exact: true });
  assertEquals(await shown.evaluate((element) => element.childElementCount), 0, text);
}

/** Where a line of the log begins, in pixels; fails unless its letters go from the left to the right. */
async function leftEdge({ log }: Person, text: string, within = log): Promise<number> {
  const line = within.getByText(text, { exact: true });
  const [first, last] = await line.evaluate(({ firstChild: letters, ownerDocument }) =>
    [0, letters.length - 1].map((at) => {
      const range = ownerDocument.createRange();
      range.setStart(letters, at);
      range.setEnd(letters, at + 1);
      return range.getBoundingClientRect().left;
    })
  );
  assert(first < last, `"${text}" must read from the left to the right`);
  return first;
}
