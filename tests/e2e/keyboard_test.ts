import { assert, assertEquals } from "@std/assert";
import type { Locator } from "playwright-core";
import { pageTest } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import { eventually, type Person } from "../helpers/person.ts";

/** More stops than the page has. */
const MANY_STOPS = 40;

pageTest(
  "by keyboard alone Alice signs in, talks, edits, reacts, searches and goes to other rooms",
  async ({ open, server }) => {
    await using bob = await Client.joined(server.ws, "Bob", "random");
    await bob.say("Where is the lantern?", "random");
    for (let line = 0; line < 60; line++) await bob.say(`line ${line}`, "random");
    const alice = await open("/");
    const { log, page, page: { keyboard } } = alice;
    await alice.nameField.waitFor();

    await hasFocus(alice.nameField);
    await keyboard.type("Alice");
    await keyboard.press("Enter");

    await hasFocus(alice.composer);
    await keyboard.type("First");
    await keyboard.press("Enter");
    await alice.sees("Alice", "First");
    await hasFocus(alice.composer);
    await keyboard.type("Secnd");
    await keyboard.press("Enter");
    await alice.sees("Alice", "Secnd");

    await keyboard.press("ArrowUp");
    await eventually(async () => assertEquals(await alice.composer.inputValue(), "Secnd"));
    await keyboard.press("ControlOrMeta+A");
    await keyboard.type("Second");
    await keyboard.press("Enter");
    await alice.message("Second").getByText("edited").waitFor();
    await hasFocus(alice.composer);

    await tabTo(alice, alice.messages.last(), "Shift+Tab");
    await keyboard.press("ArrowUp");
    await hasFocus(alice.message("First"));
    await keyboard.press("+");
    await hasFocus(page.getByRole("button", { name: "Thumbs up", exact: true }));
    await keyboard.press("ArrowRight");
    await hasFocus(page.getByRole("button", { name: "Heart", exact: true }));
    await keyboard.press("Enter");
    const heart = alice.message("First").getByRole("button", { name: "❤️ 1", exact: true });
    await heart.waitFor();
    await hasFocus(alice.message("First"));
    await tabTo(alice, heart);
    await page.getByRole("tooltip").getByText("You reacted with ❤️", { exact: true }).waitFor();
    await keyboard.press("Escape");
    await hasFocus(alice.composer);

    await keyboard.press("Control+Shift+F");
    await hasFocus(page.getByRole("searchbox", { name: "Search messages" }));
    await keyboard.type("lantern");
    const found = page.getByRole("region", { name: "Search results" }).getByRole("link");
    await found.waitFor();
    await tabTo(alice, found);
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: "random", level: 1 }).waitFor();
    await hasFocus(alice.message("Where is the lantern?"));

    await keyboard.press("Control+k");
    await hasFocus(page.getByRole("combobox", { name: "Room or person" }));
    await keyboard.type("general");
    await keyboard.press("Enter");
    await alice.sees("Alice", "First");
    await hasFocus(alice.composer);

    await tabTo(alice, alice.room("random"));
    await keyboard.press("Enter");
    await log.getByText("line 59", { exact: true }).waitFor();
    await hasFocus(alice.composer);
    await keyboard.press("Alt+ArrowUp");
    await alice.sees("Alice", "First");

    await keyboard.type("To the button");
    await tabTo(alice, alice.send);
    await keyboard.press("Enter");
    await alice.sees("Alice", "To the button");
    await tabTo(alice, page.getByRole("button", { name: "Sign out" }));
    await keyboard.press("Enter");
    await hasFocus(alice.nameField);
  },
  { PARLEY_MESSAGES_PER_SECOND: "0" },
);

pageTest("Shift+Enter breaks the line, Enter sends what is not blank", async ({ open }) => {
  const alice = await open("/?user=Alice");
  await hasFocus(alice.composer);
  const { keyboard } = alice.page;
  await keyboard.type("   ");
  await keyboard.press("Enter");
  await alice.composer.fill("");

  await keyboard.type("roses are red");
  await keyboard.press("Shift+Enter");
  await keyboard.type("violets are blue");
  assertEquals(await alice.composer.inputValue(), "roses are red\nviolets are blue");
  await keyboard.press("Enter");
  await alice.seesAll(["Alice: roses are red\nviolets are blue"]);
  assertEquals(await alice.composer.inputValue(), "");
});

pageTest("Enter that confirms the word of an input method does not send", async ({ open }) => {
  const alice = await open("/?user=Alice");
  await hasFocus(alice.composer);
  const { keyboard } = alice.page;
  const input = await alice.page.context().newCDPSession(alice.page);

  await input.send("Input.imeSetComposition", {
    text: "にほん",
    selectionStart: 3,
    selectionEnd: 3,
  });
  await keyboard.press("Enter");
  assertEquals(await alice.messages.count(), 0);
  await keyboard.insertText("日本");
  await keyboard.press("Enter");
  await alice.seesAll(["Alice: 日本"]);
});

/** Waits until something has the focus, and checks that it shows. */
async function hasFocus(target: Locator): Promise<void> {
  await eventually(async () => assert(await isFocused(target), `${target} must have the focus`));
  assert(await showsFocus(target), `the focus must show on ${target}`);
}

/** Goes on from stop to stop, or back, until something has the focus, and checks that each stop shows. */
async function tabTo({ page }: Person, target: Locator, key = "Tab"): Promise<void> {
  for (let stop = 0; stop < MANY_STOPS && !await isFocused(target); stop++) {
    await page.keyboard.press(key);
    const focused = page.locator(":focus");
    if (await focused.count() > 0) assert(await showsFocus(focused), `stop ${stop} must show`);
  }
  assert(await isFocused(target), `${target} must be within reach of the Tab key`);
}

function isFocused(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === element.ownerDocument.activeElement);
}

/** Whether an element, or the field around it, has an outline. */
function showsFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element) => {
    const { defaultView } = element.ownerDocument;
    for (let at = element; at; at = at.parentElement) {
      const { outlineStyle, outlineWidth } = defaultView.getComputedStyle(at);
      if (outlineStyle !== "none" && outlineWidth !== "0px") return true;
    }
    return false;
  });
}
