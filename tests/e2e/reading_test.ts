import { assertEquals } from "@std/assert";
import { pageTest, type Stage } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import { eventually, type Person } from "../helpers/person.ts";

/** Lines that a low window does not show at once, and that somebody may say at once. */
const LINES = 25;
const LOW = { viewport: { width: 1280, height: 400 } } as const;

pageTest(
  "who reads up is not disturbed by what is new, and is told of it",
  async ({ open, server }) => {
    await using bob = await Client.joined(server.ws, "Bob");
    const alice = await openBusyRoom(open, bob);

    const early = alice.message("line 3", /^Bob/);
    await early.scrollIntoViewIfNeeded();
    const place = await early.boundingBox();
    await bob.say("news");
    await bob.say("and more");
    const jump = alice.page.getByRole("button", { name: "2 new messages" });
    await jump.waitFor();
    assertEquals(await early.boundingBox(), place);

    await jump.click();
    await jump.waitFor({ state: "hidden" });
    await eventually(async () => assertEquals(await distanceFromEnd(alice), 0));
  },
);

pageTest(
  "a long draft leaves the newest message in view, whatever else happens in that moment",
  async ({ open, server }) => {
    await using bob = await Client.joined(server.ws, "Bob");
    const alice = await openBusyRoom(open, bob);

    // At once, before the browser has drawn: the page must not take the smaller log for one that was scrolled up.
    await alice.composer.evaluate((field) => {
      const { defaultView: window } = field.ownerDocument;
      field.value = "a line of the draft\n".repeat(8);
      field.dispatchEvent(new window.Event("input", { bubbles: true }));
      field.ownerDocument.dispatchEvent(new window.Event("visibilitychange"));
    });
    await eventually(async () => assertEquals(await distanceFromEnd(alice), 0));
  },
);

async function openBusyRoom(open: Stage["open"], speaker: Client): Promise<Person> {
  for (let line = 1; line <= LINES; line++) await speaker.say(`line ${line}`);
  const person = await open("/?user=Alice", LOW);
  await person.sees("Bob", `line ${LINES}`);
  return person;
}

/** How far the log is scrolled up from its end, in pixels. */
function distanceFromEnd({ log }: Person): Promise<number> {
  return log.evaluate((element) =>
    Math.round(element.scrollHeight - element.clientHeight - element.scrollTop)
  );
}
