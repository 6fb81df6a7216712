import { assertEquals } from "@std/assert";
import { DESKTOP, pageTest, PHONE } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import type { Person } from "../helpers/person.ts";

const dialog = ({ page }: Person) => page.getByRole("dialog", { name: "Go to", exact: true });
const field = (person: Person) => dialog(person).getByRole("combobox", { name: "Room or person" });
const options = (person: Person) => dialog(person).getByRole("option");

pageTest("Alice goes to a room and to a person by the keyboard alone", async (stage) => {
  await using bob = await Client.joined(stage.server.ws, "Bob");
  await bob.join("garden");
  const alice = await stage.open("/?user=Alice");
  const { keyboard } = alice.page;
  await alice.peopleAre("Alice", "Bob");
  await alice.room("garden").waitFor();

  await keyboard.press("Control+k");
  await field(alice).and(alice.page.locator(":focus")).waitFor();
  await keyboard.type("gdn");
  assertEquals(await options(alice).count(), 1);
  await keyboard.press("Enter");
  await dialog(alice).waitFor({ state: "hidden" });
  await alice.page.getByRole("heading", { name: "garden", level: 1 }).waitFor();
  await alice.composer.and(alice.page.locator(":focus")).waitFor();

  await keyboard.press("Control+k");
  await keyboard.press("ArrowDown");
  await options(alice).nth(1).and(alice.page.getByRole("option", { selected: true })).waitFor();
  await keyboard.press("ArrowUp");
  await options(alice).nth(0).and(alice.page.getByRole("option", { selected: true })).waitFor();
  await keyboard.type("bob");
  await keyboard.press("Enter");
  await alice.page.getByRole("heading", { name: "Bob", level: 1, exact: true }).waitFor();
  await alice.composer.and(alice.page.locator(":focus")).waitFor();
});

pageTest("Escape closes the switcher, and the focus is where it was", async ({ open }) => {
  const alice = await open("/?user=Alice");
  await alice.linkIs("Connected");
  await alice.page.keyboard.press("Control+k");
  await alice.page.keyboard.type("nowhere at all");
  await dialog(alice).getByText("No room and nobody here is called that.").waitFor();
  await alice.page.keyboard.press("Escape");
  await dialog(alice).waitFor({ state: "hidden" });
  await alice.composer.and(alice.page.locator(":focus")).waitFor();
});

pageTest("on a phone a button opens the switcher", async ({ open }) => {
  const alice = await open("/?user=Alice&room=den", PHONE);
  await alice.linkIs("Connected");
  await alice.page.getByRole("button", { name: "Back to rooms" }).click();
  await alice.page.getByRole("button", { name: "Go to…" }).click();
  await options(alice).filter({ hasText: "general" }).click();
  await alice.page.getByRole("heading", { name: "general", level: 1 }).waitFor();
  await alice.composer.waitFor();
});

for (const [device, window] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
  pageTest(`on a ${device} all keys are listed, and Escape closes the list`, async ({ open }) => {
    const alice = await open("/?user=Alice", window);
    await alice.linkIs("Connected");
    if (device === "phone") await alice.page.getByRole("button", { name: "Back to rooms" }).click();
    await alice.page.getByRole("button", { name: "Keyboard shortcuts" }).click();
    const keys = alice.page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await keys.getByText("Go to a room or a person").waitFor();
    await alice.page.keyboard.press("Escape");
    await keys.waitFor({ state: "hidden" });
    await alice.page.keyboard.press("?");
    await keys.waitFor();
  });
}

pageTest("a question mark that Alice writes is only that", async ({ open }) => {
  const alice = await open("/?user=Alice");
  await alice.linkIs("Connected");
  await alice.composer.pressSequentially("Really?");
  assertEquals(await alice.composer.inputValue(), "Really?");
  assertEquals(await alice.page.getByRole("dialog").count(), 0);
});
