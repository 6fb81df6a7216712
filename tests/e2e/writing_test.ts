import type { Locator } from "playwright-core";
import { assert, assertEquals } from "@std/assert";
import { pageTest } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import { eventually, type Person } from "../helpers/person.ts";

pageTest("Alice writes with formats, and Bob sees them", async ({ open }) => {
  const alice = await open("/?user=Alice");
  const bob = await open("/?user=Bob");
  await alice.peopleAre("Alice", "Bob");
  await alice.say(
    "**b** _i_ ~~s~~ `c` [docs](https://a.example/) @Bob\n> q\n- one\n```\nx < y\n```",
  );
  for (const person of [alice, bob]) {
    const text = person.messages.first().locator(".text");
    for (
      const [tag, words] of [
        ["strong", "b"],
        ["em", "i"],
        ["s", "s"],
        ["p code", "c"],
        ["blockquote", "q"],
        ["pre code", "x < y"],
        ["li", "• one"],
        [".mention", "@Bob"],
      ] as const
    ) assertEquals(await text.locator(tag).first().textContent(), words, tag);
    const link = text.getByRole("link", { name: "docs" });
    assertEquals(await link.getAttribute("rel"), "noopener noreferrer");
    assertEquals(await link.getAttribute("href"), "https://a.example/");
  }
});

pageTest("people are offered behind @, by keyboard and by pointer", async ({ open, server }) => {
  await using _mary = await Client.joined(server.ws, "Mary Ann");
  await using bob = await Client.joined(server.ws, "Bob");
  const alice = await open("/?user=Alice");
  await alice.peopleAre("Alice", "Bob", "Mary Ann");
  await bob.say("hi");
  await alice.sees("Bob", "hi");
  const { keyboard } = alice.page;

  await alice.composer.pressSequentially("@");
  await eventually(async () =>
    assertEquals(await offers(alice).allTextContents(), ["Bob", "Mary Ann"])
  );
  await isActive(alice, offers(alice).first());
  await keyboard.press("ArrowDown");
  await isActive(alice, offers(alice).nth(1));
  await keyboard.press("ArrowDown");
  await isActive(alice, offers(alice).first());
  await keyboard.press("Enter");
  assertEquals(await alice.composer.inputValue(), "@Bob ");
  assertEquals(await offers(alice).count(), 0);

  await keyboard.type("and @ann");
  await offers(alice).getByText("Mary Ann").click();
  assertEquals(await alice.composer.inputValue(), "@Bob and @Mary Ann ");
  assertEquals(
    await alice.composer.evaluate((field) => field === field.ownerDocument.activeElement),
    true,
  );

  await keyboard.type("@m");
  await offers(alice).first().waitFor();
  await keyboard.press("Escape");
  assertEquals(await offers(alice).count(), 0);
  await keyboard.type("a");
  assertEquals(await offers(alice).count(), 0, "what was declined is not offered again");
  await keyboard.press("Enter");
  await alice.messages.nth(1).getByText("@Bob", { exact: true }).waitFor();
});

pageTest("emoji are offered behind :, and made of their names", async ({ open }) => {
  const alice = await open("/?user=Alice");
  await alice.linkIs("Connected");
  const { keyboard } = alice.page;
  await alice.composer.pressSequentially("yes :tad");
  await offers(alice).getByText("tada").waitFor();
  await keyboard.press("Tab");
  assertEquals(await alice.composer.inputValue(), "yes 🎉 ");
  await keyboard.type(":rocket:");
  assertEquals(await alice.composer.inputValue(), "yes 🎉 🚀");
  await keyboard.press("ControlOrMeta+Z");
  assertEquals(await alice.composer.inputValue(), "yes 🎉 :rocket:", "it can be undone");
  await alice.composer.fill("");
  await alice.composer.pressSequentially("fine :) at 10:30");
  await keyboard.press("Enter");
  await alice.seesAll(["Alice: fine :) at 10:30"]);
});

pageTest("nothing is offered while an input method composes", async ({ open }) => {
  const alice = await open("/?user=Alice");
  const bob = await open("/?user=Bob");
  await alice.peopleAre("Alice", "Bob");
  await alice.page.bringToFront();
  await alice.composer.focus();
  const input = await alice.page.context().newCDPSession(alice.page);
  await alice.page.keyboard.type("@");
  await offers(alice).first().waitFor();
  await input.send("Input.imeSetComposition", { text: "ぼ", selectionStart: 1, selectionEnd: 1 });
  await eventually(async () => assertEquals(await offers(alice).count(), 0));
  await alice.page.keyboard.press("Enter");
  assertEquals(await alice.messages.count(), 0);
  await bob.linkIs("Connected");
});

pageTest("an emoji is picked for a message, found by its name", async ({ open }) => {
  const alice = await open("/?user=Alice");
  await alice.linkIs("Connected");
  await alice.composer.fill("Coffee? ");
  await alice.page.getByRole("button", { name: "Emoji", exact: true }).click();
  const picker = alice.page.getByRole("dialog", { name: "Emoji" });
  await picker.getByRole("button", { name: "grinning", exact: true }).waitFor();
  await picker.getByRole("textbox", { name: "Any emoji" }).fill("coff");
  await alice.page.keyboard.press("ArrowDown");
  await alice.page.keyboard.press("Enter");
  assertEquals(await alice.composer.inputValue(), "Coffee? ☕");
  await alice.composer.press("Enter");
  await alice.seesAll(["Alice: Coffee? ☕"]);
});

pageTest("what is too long is kept, counted and not sent", async ({ open }) => {
  const alice = await open("/?user=Alice");
  await alice.linkIs("Connected");
  const long = "A long text. ".repeat(400).trim();
  await alice.composer.fill(long);
  await alice.page.getByText("3,199 too many").waitFor();
  await alice.composer.press("Enter");
  assertEquals(await alice.composer.inputValue(), long);
  assertEquals(await alice.messages.count(), 0);
  await alice.composer.fill(long.slice(0, 1_990));
  await alice.page.getByText("10 left").waitFor();
  await alice.composer.press("Enter");
  await eventually(async () => assertEquals(await alice.messages.count(), 1));
});

pageTest("a tall message shows its beginning, and all of it if wanted", async ({ open }) => {
  const alice = await open("/?user=Alice");
  await alice.linkIs("Connected");
  const lines = Array.from({ length: 60 }, (_, line) => `line ${line + 1}`);
  await alice.say(lines.join("\n"));
  const message = alice.messages.first();
  const more = message.getByRole("button", { name: "Show more" });
  await more.waitFor();
  const folded = (await message.boundingBox())!.height;
  assertEquals(await message.getByText("line 60").count(), 0);
  await more.click();
  await message.getByText("line 60").waitFor();
  assert((await message.boundingBox())!.height > 2 * folded);
  await message.getByRole("button", { name: "Show less" }).click();
  await more.waitFor();
});

pageTest(
  "the whole time shows on hover and on focus, and who reacted while Alice was there",
  async ({ open, server }) => {
    await using bob = await Client.joined(server.ws, "Bob");
    const alice = await open("/?user=Alice");
    await alice.linkIs("Connected");
    const { id } = await bob.say("Cake?");
    await alice.sees("Bob", "Cake?");
    const tip = alice.page.getByRole("tooltip");
    const year = new RegExp(`${new Date().getFullYear()}`);
    await alice.message("Cake?").locator("time").hover();
    await tip.getByText(year).waitFor();
    await alice.page.keyboard.press("Escape");
    await tip.waitFor({ state: "hidden" });

    bob.send({ type: "react", room: "general", id, emoji: "🎉", on: true });
    const chip = alice.message("Cake?").getByRole("button", { name: "🎉 1" });
    await chip.hover();
    await tip.getByText("Bob reacted with 🎉", { exact: true }).waitFor();
    await chip.click();
    await alice.message("Cake?").getByRole("button", { name: "🎉 2" }).waitFor();
    await alice.page.mouse.move(0, 0);
    await alice.log.focus();
    await alice.page.keyboard.press("Tab");
    await tip.getByText(year).waitFor();
    assertEquals(await alice.message("Cake?").getAttribute("aria-describedby"), "tip");
    await alice.message("Cake?").getByRole("button", { name: "🎉 2" }).focus();
    await tip.getByText("You and Bob reacted with 🎉", { exact: true }).waitFor();
  },
);

pageTest("the text of a message is copied as it was written", async ({ open, server }) => {
  await using bob = await Client.joined(server.ws, "Bob");
  await bob.say("**so** it is");
  const alice = await open("/?user=Alice", {
    apart: true,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await alice.messages.first().waitFor();
  await alice.messages.first().focus();
  await alice.page.keyboard.press("c");
  await alice.page.getByText("Text copied").waitFor();
  assertEquals(await alice.page.evaluate("navigator.clipboard.readText()"), "**so** it is");
});

function offers({ page }: Person): Locator {
  return page.getByRole("listbox", { name: "Suggestions" }).getByRole("option");
}

/** Checks that an offer is the one that the field calls active. */
async function isActive({ composer }: Person, offer: Locator): Promise<void> {
  assertEquals(await offer.getAttribute("aria-selected"), "true");
  assertEquals(
    await composer.getAttribute("aria-activedescendant"),
    await offer.getAttribute("id"),
  );
}
