import { assertEquals } from "@std/assert";
import { pageTest } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import type { Person } from "../helpers/person.ts";

/** What the browser itself logs of a request that is refused. */
const REFUSED = /status of 4\d\d/;
/** A name that would turn the direction of what follows around, and opens an isolate that it does not close. */
const TURNED = "Eve\u202Eeve\u2066";

/** Waits until the card says what is wrong, and checks that it is still there. */
async function isTold(person: Person, problem: RegExp): Promise<void> {
  await person.page.getByRole("alert").getByText(problem).waitFor();
  assertEquals(await person.nameField.isVisible(), true);
  assertEquals(await person.composer.isVisible(), false);
}

pageTest(
  "Alice signs in on the card, and keeps her name and what was said over a reload",
  async ({ open }) => {
    const alice = await open("/");
    await alice.signIn("Alice");
    await alice.peopleAre("Alice");
    assertEquals(await alice.nameField.isVisible(), false);
    await alice.say("Before the reload");
    await alice.sees("Alice", "Before the reload");

    await alice.page.reload();
    await alice.peopleAre("Alice");
    await alice.say("After the reload");
    await alice.seesAll(["Alice: Before the reload", "Alice: After the reload"]);
  },
);

pageTest("Bob never sees Alice leave while she reloads", async ({ open }) => {
  const alice = await open("/?user=Alice");
  const bob = await open("/?user=Bob");
  await bob.peopleAre("Alice", "Bob");

  await alice.page.reload();
  await alice.say("Here I am");
  await bob.sees("Alice", "Here I am");
  assertEquals(await bob.log.getByText("Alice left").count(), 0);
  await bob.peopleAre("Alice", "Bob");
});

pageTest("Alice signs out, and her name is free", async ({ open, server }) => {
  await using bob = await Client.joined(server.ws, "Bob");
  const alice = await open("/");
  await alice.signIn("Alice");
  await alice.peopleAre("Alice", "Bob");

  await alice.page.getByRole("button", { name: "Sign out" }).click();
  await alice.nameField.waitFor();
  await bob.next("user_left");
  await alice.page.reload();
  await alice.nameField.waitFor();

  await using _other = await Client.joined(server.ws, "Alice");
});

pageTest(
  "a name that somebody holds is not given away, and the card says so",
  async ({ open, server }) => {
    await using _holder = await Client.joined(server.ws, "Alice");
    const other = await open("/");
    other.expects(REFUSED);
    await other.signIn("ALICE");
    await isTold(other, /somebody|taken/i);

    await other.signIn("Alicia");
    await other.peopleAre("Alice", "Alicia");
  },
);

pageTest("a name that is none is turned down, and the card says why", async ({ open }) => {
  const person = await open("/");
  person.expects(REFUSED);
  await person.signIn("   ");
  await isTold(person, /name/i);
  await person.signIn("x".repeat(33));
  await isTold(person, /1 to 32 characters/);
  await person.signIn(TURNED);
  await isTold(person, /direction/);
});

for (
  const [problem, name, words] of [
    ["is held by somebody else", "Alice", /Alice/],
    ["is none", TURNED, /direction/],
  ] as const
) {
  pageTest(
    `an address with a name that ${problem} shows the card, and the page does not try again`,
    async ({ open, server }) => {
      await using _holder = await Client.joined(server.ws, "Alice");
      const other = await open(`/?user=${encodeURIComponent(name)}`, { clock: true });
      await isTold(other, words);
      // Longer than a page that would come back waits the first time.
      await other.page.clock.runFor(15_000);
      assertEquals(other.sockets.length, 1);
    },
  );
}
