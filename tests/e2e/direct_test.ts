import { assertEquals } from "@std/assert";
import type { Locator } from "playwright-core";
import { DESKTOP, pageTest, PHONE } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import { eventually, type Person } from "../helpers/person.ts";

/** A list of rooms, by its heading. */
const list = ({ rooms }: Person, name: string): Locator =>
  rooms.getByRole("list", { name, exact: true });

/** Waits until the room that is open is the direct one with somebody. */
async function talksTo({ composer, page }: Person, name: string): Promise<void> {
  await page.getByRole("heading", { name, level: 1, exact: true }).waitFor();
  await eventually(async () =>
    assertEquals(await composer.getAttribute("placeholder"), `Message ${name}`)
  );
}

pageTest(
  "a direct message reaches Bob who had opened nothing, he answers, and nobody else sees it",
  async ({ open }) => {
    const alice = await open("/?user=Alice", { apart: true });
    const bob = await open("/?user=Bob&room=den", { apart: true });
    await bob.linkIs("Connected");
    await alice.openRoom("den");
    await alice.page.getByRole("button", { name: "Message Bob" }).click();
    await talksTo(alice, "Bob");
    await alice.page.getByText("Only you and Bob can read it.").waitFor();
    assertEquals(await alice.page.getByRole("button", { name: "Leave room" }).count(), 0);
    assertEquals(await alice.page.getByRole("button", { name: "Copy link" }).count(), 0);
    await alice.say("Just *between* us");
    await alice.sees("Alice", "Just between us");

    const unread = list(bob, "Direct").getByRole("link", { name: "Alice 1", exact: true });
    await unread.waitFor();
    await list(bob, "Direct").getByText("Just between us", { exact: true }).waitFor();
    await eventually(async () => assertEquals(await bob.page.title(), "(@1) #den · Parley"));
    await unread.click();
    await talksTo(bob, "Alice");
    await bob.seesAll(["Alice: Just between us"]);
    await eventually(async () => assertEquals(await bob.page.title(), "Alice · Parley"));
    await bob.say("And it stays here");
    await alice.seesAll(["Alice: Just between us", "Bob: And it stays here"]);
    await list(bob, "Direct").getByText("You: And it stays here", { exact: true }).waitFor();

    const carol = await open(new URL(alice.page.url()).search + "&user=Carol", { apart: true });
    await carol.page.getByText("This conversation is between two other people.").waitFor();
    assertEquals(await carol.messages.count(), 0);
    assertEquals(await list(carol, "Direct").getByRole("link", { name: /Alice|Bob/ }).count(), 0);
    await carol.page.getByRole("button", { name: "Go to #general" }).click();
    await carol.page.getByRole("heading", { name: "general", level: 1 }).waitFor();
  },
);

pageTest("Alice cannot write to somebody whose name nobody holds any more", async (stage) => {
  const alice = await stage.open("/?user=Alice");
  await using _bob = await Client.joined(stage.server.ws, "Bob");
  alice.expects(/status of 404/);
  await alice.page.route("**/api/direct", (route) =>
    route.fulfill({
      status: 404,
      contentType: "application/problem+json",
      json: { code: "not_found", detail: "Nobody is known here" },
    }));
  await alice.page.getByRole("button", { name: "Message Bob" }).click();
  await alice.page.getByRole("alert").getByText("Nobody is called Bob here any more.").waitFor();
});

for (const [device, window] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
  pageTest(
    `on a ${device} a starred room stands before all others, until the star is taken`,
    async ({ open }) => {
      const alice = await open("/?user=Alice&room=zebra", window);
      const { page } = alice;
      const press = (name: string) => page.getByRole("button", { name }).click();
      await alice.linkIs("Connected");
      if (device === "phone") await press("People");
      const star = page.getByRole("button", { name: "Star", exact: true });
      await star.click();
      await star.and(page.locator("[aria-pressed=true]")).waitFor();
      if (device === "phone") {
        await press("Back to messages");
        await press("Back to rooms");
      }
      await list(alice, "Starred").getByRole("link", { name: "zebra" }).waitFor();
      assertEquals(await list(alice, "Rooms").getByRole("link").count(), 1);

      await page.reload();
      await list(alice, "Starred").getByRole("link", { name: "zebra" }).click();
      if (device === "phone") await press("People");
      await star.click();
      await list(alice, "Starred").waitFor({ state: "hidden" });
    },
  );
}

pageTest(
  "the form finds rooms and people while Alice types, and says what Enter does",
  async (stage) => {
    await using bob = await Client.joined(stage.server.ws, "Bob", "garden");
    await bob.join("general");
    const alice = await stage.open("/?user=Alice");
    await alice.room("garden").waitFor();
    const field = alice.page.getByRole("textbox", { name: "Room name" });
    await field.fill("gard");
    await alice.page.getByText("Enter makes #gard", { exact: true }).waitFor();
    await alice.room("general").waitFor({ state: "detached" });
    await alice.room("garden").waitFor();
    await field.fill("garden");
    await alice.page.getByText("Enter opens #garden", { exact: true }).waitFor();
    await field.press("Escape");
    await alice.room("general").waitFor();
  },
);
