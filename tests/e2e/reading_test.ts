import { assertEquals } from "@std/assert";
import { eventually, pageTest, type Person } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";

/** Lines that a low window does not show at once, and that somebody may say at once. */
const LINES = 25;
const LOW = { viewport: { width: 1280, height: 400 } } as const;

pageTest(
  "who reads up is not disturbed by what is new, and is told of it",
  async ({ open, server }) => {
    await using bob = await Client.joined(server.ws, "Bob");
    for (let line = 1; line <= LINES; line++) await bob.say(`line ${line}`);
    const alice = await open("/?user=Alice", LOW);
    await alice.sees("Bob", `line ${LINES}`);

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
  async ({ open }) => {
    const alice = await open("/?user=Alice", LOW);
    for (let line = 1; line <= LINES; line++) await alice.say(`line ${line}`);
    await alice.sees("Alice", `line ${LINES}`);

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

/** How far the log is scrolled up from its end, in pixels. */
function distanceFromEnd({ log }: Person): Promise<number> {
  return log.evaluate((element) =>
    Math.round(element.scrollHeight - element.clientHeight - element.scrollTop)
  );
}
