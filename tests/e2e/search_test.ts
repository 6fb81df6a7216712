import { assertEquals } from "@std/assert";
import { DESKTOP, pageTest, PHONE } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import type { Person } from "../helpers/person.ts";

const field = ({ page }: Person) => page.getByRole("searchbox", { name: "Search messages" });
const results = ({ page }: Person) => page.getByRole("region", { name: "Search results" });
const found = (person: Person) => results(person).getByRole("link");

for (const [device, window] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
  pageTest(
    `on a ${device} a search finds, marks and opens a message that has long scrolled by`,
    async ({ open, server }) => {
      await using bob = await Client.joined(server.ws, "Bob", "den");
      await bob.say("Where is the **lantern**, on the hill?", "den");
      for (let i = 0; i < 70; i++) await bob.say(`line ${i}`, "den");
      const alice = await open("/?user=Alice", window);
      await alice.linkIs("Connected");
      if (device === "phone") await alice.page.getByRole("button", { name: "Search" }).click();
      await field(alice).fill("lant");
      await results(alice).getByText("1 message found", { exact: true }).waitFor();
      assertEquals(await found(alice).locator("mark").allTextContents(), ["lantern"]);
      await found(alice).getByText("#den", { exact: true }).waitFor();

      await found(alice).click();
      await alice.page.getByRole("heading", { name: "den", level: 1 }).waitFor();
      const message = alice.message("Where is the lantern, on the hill?");
      await message.and(alice.page.locator(":focus")).waitFor();

      if (device === "desktop") return;
      await alice.page.goBack();
      await found(alice).waitFor();
      await results(alice).getByRole("button", { name: "Back to messages" }).click();
      await alice.composer.waitFor();
    },
    { PARLEY_MESSAGES_PER_SECOND: "0" },
  );
}

pageTest("conditions narrow a search, and more is fetched when asked for", async (stage) => {
  await using bob = await Client.joined(stage.server.ws, "Bob");
  await using carol = await Client.joined(stage.server.ws, "Carol");
  for (let i = 0; i < 25; i++) await bob.say(`apple ${i}`);
  await carol.say("apple pie");
  const alice = await stage.open("/?user=Alice");
  await alice.sees("Carol", "apple pie");
  await field(alice).fill("apple from:carol");
  await results(alice).getByText("1 message found", { exact: true }).waitFor();
  await field(alice).fill("apple in:general from:bob");
  await results(alice).getByText("The first 20 messages", { exact: true }).waitFor();
  await results(alice).getByRole("button", { name: "More" }).click();
  await results(alice).getByText("25 messages found", { exact: true }).waitFor();
  await field(alice).fill("quince");
  await results(alice).getByText("Nothing found", { exact: true }).waitFor();
  await results(alice).getByText(/from:name/).waitFor();
});

pageTest("search is a key away, and Escape leads back to where Alice was", async ({ open }) => {
  const alice = await open("/?user=Alice");
  await alice.linkIs("Connected");
  await alice.composer.pressSequentially("a/b");
  assertEquals(await alice.composer.inputValue(), "a/b");
  await alice.page.keyboard.press("Control+Shift+F");
  await field(alice).and(alice.page.locator(":focus")).waitFor();
  await alice.page.keyboard.type("anything");
  await results(alice).waitFor();
  await alice.page.keyboard.press("Escape");
  await results(alice).waitFor({ state: "hidden" });
  await alice.composer.and(alice.page.locator(":focus")).waitFor();
  assertEquals(await alice.composer.inputValue(), "a/b");
});

pageTest("what cannot be looked for is told in a sentence", async (stage) => {
  const alice = await stage.open("/?user=Alice");
  await alice.linkIs("Connected");
  alice.expects(/status of 429/);
  await alice.page.route("**/api/search?*", (route) =>
    route.fulfill({
      status: 429,
      contentType: "application/problem+json",
      json: { code: "rate_limited", detail: "You are too fast: wait a moment, then try again" },
    }));
  await field(alice).fill("apple");
  await results(alice).getByText("You are too fast: wait a moment, then try again.").waitFor();
});

pageTest("messages of others' direct rooms are not found", async (stage) => {
  await using _bob = await Client.joined(stage.server.ws, "Bob");
  const alice = await stage.open("/?user=Alice");
  await alice.page.getByRole("button", { name: "Message Bob" }).click();
  await alice.page.getByRole("heading", { name: "Bob", level: 1 }).waitFor();
  await alice.say("a secret of two");
  await alice.sees("Alice", "a secret of two");
  await field(alice).fill("secret");
  await found(alice).getByText("Bob", { exact: true }).waitFor();
  const dave = await stage.open("/?user=Dave");
  await dave.linkIs("Connected");
  await field(dave).fill("secret");
  await results(dave).getByText("Nothing found", { exact: true }).waitFor();
  assertEquals(await found(dave).count(), 0);
});
