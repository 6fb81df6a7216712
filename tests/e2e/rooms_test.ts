import { assertEquals } from "@std/assert";
import { pageTest, PHONE } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import type { Person } from "../helpers/person.ts";

/** Waits until the navigation marks a room as the open one, and no other. */
async function isIn(person: Person, room: string): Promise<void> {
  const current = person.rooms.locator("[aria-current=page]");
  await current.and(person.room(room)).waitFor();
  assertEquals(await current.count(), 1);
  await person.page.getByRole("heading", { name: room, level: 1 }).waitFor();
}

pageTest("Alice makes a room, Bob opens it, and they talk there", async ({ open }) => {
  const alice = await open("/?user=Alice");
  await isIn(alice, "general");
  await alice.openRoom("Book Club");
  await isIn(alice, "book-club");
  await alice.say("Chapter one?");
  await alice.sees("Alice", "Chapter one?");

  const bob = await open("/?user=Bob");
  await bob.room("book-club").click();
  await isIn(bob, "book-club");
  await bob.seesAll(["Alice: Chapter one?"]);
  await bob.say("Half of it");
  await alice.seesAll(["Alice: Chapter one?", "Bob: Half of it"]);
});

pageTest(
  "what is said in one room is not heard in another, which marks it as unread",
  async ({ open, server }) => {
    const alice = await open("/?user=Alice&room=random");
    await isIn(alice, "random");
    await alice.room("general").click();
    await isIn(alice, "general");

    await using bob = await Client.joined(server.ws, "Bob");
    await bob.join("random");
    await bob.say("Only in random", "random");
    await bob.say("And once more", "random");
    await bob.say("Only in general", "general");
    await alice.seesAll(["Bob: Only in general"]);

    await alice.page.getByRole("link", { name: /random.*2/ }).click();
    await alice.seesAll(["Bob: Only in random", "Bob: And once more"]);
    await alice.page.getByRole("link", { name: /^random$/ }).waitFor();
  },
);

pageTest("a room's name that is none is turned down, with a sentence", async ({ open }) => {
  const alice = await open("/?user=Alice");
  await alice.openRoom("x".repeat(33));
  await alice.page.getByRole("alert").getByText(/32/).waitFor();
  await isIn(alice, "general");
});

pageTest("the browser's back button goes to the room before", async ({ open }) => {
  const alice = await open("/?user=Alice");
  await alice.openRoom("random");
  await isIn(alice, "random");
  await alice.page.goBack();
  await isIn(alice, "general");
  await alice.page.goForward();
  await isIn(alice, "random");
});

pageTest("on a phone the way back leads from the room to the rooms", async ({ open }) => {
  const alice = await open("/?user=Alice", PHONE);
  const { rooms } = alice;
  await alice.composer.waitFor();
  await rooms.waitFor({ state: "hidden" });

  await alice.page.getByRole("button", { name: "Back to rooms" }).click();
  await rooms.waitFor();
  await alice.composer.waitFor({ state: "hidden" });
  await alice.room("general").click();
  await alice.composer.waitFor();

  await alice.page.goBack();
  await rooms.waitFor();
});
