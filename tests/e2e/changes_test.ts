import { assertEquals } from "@std/assert";
import type { Locator } from "playwright-core";
import { pageTest, PHONE } from "../helpers/browser.ts";
import { eventually, type Person } from "../helpers/person.ts";
import { Client } from "../helpers/client.ts";

/** For how long a deletion can be taken back, in milliseconds. */
const UNDO_MS = 5_000;
/** What the browser itself logs while the network is cut. */
const UNREACHABLE = /^WebSocket connection to .* failed|net::ERR_/;

pageTest("Alice changes what she said, and Bob sees it", async ({ open }) => {
  const alice = await open("/?user=Alice", { apart: true });
  const bob = await open("/?user=Bob", { apart: true });
  await alice.say("Helo");
  await bob.sees("Alice", "Helo");
  assertEquals(await action(bob, "Helo", "Edit").count(), 0, "not what others said");

  await action(alice, "Helo", "Edit").click();
  assertEquals(await alice.composer.inputValue(), "Helo");
  await alice.composer.fill("Hello");
  await alice.composer.press("Enter");
  for (const person of [alice, bob]) {
    await person.message("Hello").getByText("edited").waitFor();
    assertEquals(await person.messages.count(), 1);
  }
  assertEquals(await alice.composer.inputValue(), "");
});

pageTest(
  "with the Up key Alice changes the last thing she said; Escape leaves it, and her draft, as they were",
  async ({ open }) => {
    const alice = await open("/?user=Alice", { apart: true });
    await alice.say("first");
    await alice.say("second");
    await alice.sees("Alice", "second");
    await alice.composer.press("ArrowUp");
    await eventually(async () => assertEquals(await alice.composer.inputValue(), "second"));
    await alice.composer.press("Escape");
    await eventually(async () => assertEquals(await alice.composer.inputValue(), ""));

    await alice.composer.fill("a draft");
    await action(alice, "first", "Edit").click();
    await eventually(async () => assertEquals(await alice.composer.inputValue(), "first"));
    await alice.composer.fill("1st");
    await alice.composer.press("Enter");
    await alice.message("1st").getByText("edited").waitFor();
    assertEquals(await alice.composer.inputValue(), "a draft");
  },
);

pageTest("Alice deletes a message, and can take that back for 5 s", async ({ open }) => {
  const alice = await open("/?user=Alice", { apart: true, clock: true });
  const bob = await open("/?user=Bob", { apart: true });
  await alice.say("oops");
  await bob.sees("Alice", "oops");

  await action(alice, "oops", "Delete").click();
  await alice.log.getByText("You deleted this message.").waitFor();
  await alice.log.getByRole("button", { name: "Undo" }).click();
  await alice.message("oops").waitFor();
  await alice.page.clock.runFor(UNDO_MS);
  await bob.seesAll(["Alice: oops"]);

  await action(alice, "oops", "Delete").click();
  await alice.log.getByRole("button", { name: "Undo" }).waitFor();
  await alice.page.clock.runFor(UNDO_MS);
  for (const person of [alice, bob]) await person.seesAll(["Alice: This message was deleted."]);
  assertEquals(await alice.log.getByRole("button", { name: "Undo" }).count(), 0);
});

pageTest("a deletion holds though Alice closes the page at once", async ({ open }) => {
  const alice = await open("/?user=Alice", { apart: true, clock: true });
  const bob = await open("/?user=Bob", { apart: true });
  await alice.say("oops");
  await bob.sees("Alice", "oops");
  await action(alice, "oops", "Delete").click();
  await alice.log.getByRole("button", { name: "Undo" }).waitFor();
  await alice.page.close({ runBeforeUnload: true });
  await bob.seesAll(["Alice: This message was deleted."]);
});

pageTest("Alice and Bob react, each once, and take it back", async ({ open }) => {
  const alice = await open("/?user=Alice", { apart: true });
  const bob = await open("/?user=Bob", { apart: true });
  await alice.say("Cake?");
  await bob.sees("Alice", "Cake?");

  await action(bob, "Cake?", "React").click();
  const picker = bob.page.getByRole("dialog", { name: "Emoji" });
  await common(bob, "Party").click();
  await reaction(alice, "Cake?", "🎉 1").click();
  for (const person of [alice, bob]) {
    await reaction(person, "Cake?", "🎉 2").waitFor();
    assertEquals(await reaction(person, "Cake?", "🎉 2").getAttribute("aria-pressed"), "true");
  }
  await reaction(alice, "Cake?", "🎉 2").click();
  for (const person of [alice, bob]) await reaction(person, "Cake?", "🎉 1").waitFor();

  await action(bob, "Cake?", "React").click();
  await picker.getByRole("textbox", { name: "Any emoji" }).fill("nonesuch");
  await bob.page.keyboard.press("Enter");
  await picker.getByRole("alert").getByText(/No emoji/).waitFor();
  await picker.getByRole("textbox", { name: "Any emoji" }).fill("🍰");
  await bob.page.keyboard.press("Enter");
  await reaction(alice, "Cake?", "🍰 1").waitFor();
  await picker.waitFor({ state: "hidden" });
});

pageTest(
  "a reply shows what it answers, leads there, and says so when that was deleted",
  async ({ open }) => {
    const alice = await open("/?user=Alice", { apart: true, clock: true });
    const bob = await open("/?user=Bob", { apart: true });
    await alice.say("Tea or coffee?\nI have both.");
    await bob.message("Tea or coffee?\nI have both.").waitFor();

    await action(bob, "Tea or coffee?\nI have both.", "Reply").click();
    await bob.page.getByText("Replying to Alice: Tea or coffee?").waitFor();
    await bob.page.keyboard.press("Escape");
    await bob.page.getByText(/^Replying/).waitFor({ state: "hidden" });
    await action(bob, "Tea or coffee?\nI have both.", "Reply").click();
    await bob.page.keyboard.type("Tea");
    await bob.page.keyboard.press("Enter");

    for (const person of [alice, bob]) {
      await person.message("Tea").getByRole("button", { name: "Alice: Tea or coffee?" }).waitFor();
    }
    await alice.message("Tea").getByRole("button", { name: /^Alice: Tea/ }).click();
    await hasFocus(alice.messages.first());

    await action(alice, "Tea or coffee?\nI have both.", "Delete").click();
    await alice.log.getByRole("button", { name: "Undo" }).waitFor();
    await alice.page.clock.runFor(UNDO_MS);
    await bob.message("Tea").getByRole("button", { name: /deleted/ }).waitFor();
  },
);

pageTest("a reply leads to a message that has to be fetched first", async ({ open, server }) => {
  await using bob = await Client.joined(server.ws, "Bob");
  const { id } = await bob.say("the beginning");
  for (let line = 1; line <= 120; line++) await bob.say(`line ${line}`);
  bob.send({ type: "send", room: "general", text: "see above", reply_to: id });
  const alice = await open("/?user=Alice", { apart: true });
  await alice.message("see above").getByRole("button", { name: "Bob: the beginning" }).click();
  await hasFocus(alice.message("the beginning", /^Bob/).first());
}, { PARLEY_MESSAGES_PER_SECOND: "0" });

pageTest(
  "what Alice changes without a network shows at once, and reaches Bob in order",
  async ({ open }) => {
    const alice = await open("/?user=Alice", { apart: true, clock: true });
    const bob = await open("/?user=Bob", { apart: true });
    await alice.say("one");
    await alice.say("two");
    await bob.seesAll(["Alice: one", "Alice: two"]);
    alice.expects(UNREACHABLE);
    await alice.page.context().setOffline(true);
    await alice.page.clock.runFor(10_000);
    await alice.linkIs("Offline");

    await action(alice, "two", "React").click();
    await common(alice, "Heart").click();
    await reaction(alice, "two", "❤️ 1").waitFor();
    await action(alice, "two", "Edit").click();
    await eventually(async () => assertEquals(await alice.composer.inputValue(), "two"));
    await alice.composer.fill("2");
    await alice.composer.press("Enter");
    await alice.message("2").waitFor();
    await action(alice, "one", "Delete").click();
    await alice.log.getByRole("button", { name: "Undo" }).waitFor();
    await alice.say("tree");
    await alice.message("tree", /waiting/).waitFor();
    await alice.composer.press("ArrowUp");
    await alice.composer.fill("three");
    await alice.composer.press("Enter");
    await alice.message("three", /waiting/).waitFor();
    await alice.page.clock.runFor(UNDO_MS);

    await alice.page.context().setOffline(false);
    for (const person of [alice, bob]) {
      await person.message("This message was deleted.").waitFor();
      await reaction(person, "2", "❤️ 1").waitFor();
      await person.message("2").getByText("edited").waitFor();
      await person.sees("Alice", "three");
      assertEquals(await person.messages.count(), 3);
      assertEquals(await person.message("three").getByText("edited").count(), 0);
    }
  },
);

pageTest("by keyboard alone Alice reacts, replies, changes and deletes", async ({ open }) => {
  const alice = await open("/?user=Alice", { apart: true, clock: true });
  const bob = await open("/?user=Bob", { apart: true });
  await bob.say("Hi Alice");
  await alice.sees("Bob", "Hi Alice");
  await alice.say("Hi Bbo");
  await alice.sees("Alice", "Hi Bbo");
  const { keyboard } = alice.page;

  await alice.log.focus();
  await keyboard.press("Tab");
  await hasFocus(alice.message("Hi Bbo"));
  await keyboard.press("ArrowUp");
  await hasFocus(alice.message("Hi Alice"));
  await keyboard.press("+");
  await keyboard.press("Enter");
  await reaction(bob, "Hi Alice", "👍 1").waitFor();
  await hasFocus(alice.message("Hi Alice"));
  await keyboard.press("r");
  await hasFocus(alice.composer);
  await keyboard.type("Nice to see you");
  await keyboard.press("Enter");
  await bob.message("Nice to see you").getByRole("button", { name: "Bob: Hi Alice" }).waitFor();

  await alice.message("Hi Bbo").focus();
  await keyboard.press("e");
  await hasFocus(alice.composer);
  await keyboard.press("ControlOrMeta+A");
  await keyboard.type("Hi Bob");
  await keyboard.press("Enter");
  await bob.message("Hi Bob").getByText("edited").waitFor();

  await alice.message("Hi Bob").focus();
  await keyboard.press("Delete");
  await alice.log.getByText("You deleted this message.").waitFor();
  await keyboard.press("Escape");
  await hasFocus(alice.composer);
  await alice.page.clock.runFor(UNDO_MS);
  await bob.message("This message was deleted.").waitFor();
});

pageTest("on a phone a long press opens what can be done to a message", async ({ open }) => {
  const alice = await open("/?user=Alice", { apart: true, ...PHONE, clock: true });
  // On a phone Enter breaks the line.
  await alice.composer.fill("pressed");
  await alice.send.tap();
  await alice.sees("Alice", "pressed");
  const message = alice.message("pressed");
  await message.dispatchEvent("pointerdown", { pointerType: "touch", clientX: 9, clientY: 9 });
  await alice.page.clock.runFor(600);
  await eventually(async () => assertEquals(await opacity(message), "1"));
  await message.getByRole("button", { name: "Edit" }).tap();
  await eventually(async () => assertEquals(await alice.composer.inputValue(), "pressed"));
});

pageTest(
  "what changes above the line that Alice reads does not move it",
  async ({ open, server }) => {
    await using bob = await Client.joined(server.ws, "Bob");
    const ids: string[] = [];
    for (let line = 1; line <= 25; line++) ids.push((await bob.say(`line ${line}`)).id);
    const alice = await open("/?user=Alice", {
      apart: true,
      viewport: { width: 1280, height: 400 },
    });
    await alice.sees("Bob", "line 25");
    const read = alice.message("line 12", /^Bob/);
    await read.evaluate((message) => message.scrollIntoView({ block: "start" }));
    await eventually(async () => assertEquals(await alice.messages.count(), 25));
    const place = await read.boundingBox();

    const above = { room: "general", id: ids[3] };
    bob.send({ type: "react", ...above, emoji: "🎉", on: true });
    bob.send({ type: "edit", ...above, text: "a line\nthat got\nlonger" });
    await reaction(alice, "a line\nthat got\nlonger", "🎉 1").waitFor();
    assertEquals(await read.boundingBox(), place);
  },
);

/** A button of the message with this text, which shows to whoever points at the message. */
function action(
  person: Person,
  text: string,
  name: "Edit" | "Delete" | "React" | "Reply",
): Locator {
  return person.message(text).getByRole("button", { name, exact: true });
}

/** One of the emoji that are one click away in the picker. */
function common({ page }: Person, name: string): Locator {
  return page.getByRole("group", { name: "Common" }).getByRole("button", { name, exact: true });
}

/** The reaction of a message that is called so: the emoji and how many. */
function reaction(person: Person, text: string, name: string): Locator {
  return person.message(text).getByRole("button", { name, exact: true });
}

function opacity(message: Locator): Promise<string> {
  return message.locator(".actions").evaluate((actions) =>
    actions.ownerDocument.defaultView.getComputedStyle(actions).opacity
  );
}

async function hasFocus(target: Locator): Promise<void> {
  await eventually(async () =>
    assertEquals(
      await target.evaluate((element) => element === element.ownerDocument.activeElement),
      true,
      `${target} must have the focus`,
    )
  );
}
