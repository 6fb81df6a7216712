import { assertEquals } from "@std/assert";
import type { Locator } from "playwright-core";
import { signIn } from "../helpers/api.ts";
import { pageTest, PHONE } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import { eventually, type Person } from "../helpers/person.ts";
import type { TestServer } from "../helpers/server.ts";

/** Where the page asks who reacted. */
const ASKED = /\/messages\/[^/]+\/reactions$/;

/** Lets Bob ask, and others who are gone again react, before the page is there. */
async function reactToBob(server: TestServer): Promise<void> {
  await using bob = await Client.joined(server.ws, "Bob");
  const { id } = await bob.say("Cake?");
  for (const [name, ...emojis] of [["Carol", "🎉"], ["Dan", "🎉", "👍"], ["Eve", "🎉"]] as const) {
    const token = await signIn(server, name);
    await using client = await Client.welcomed(server.ws, { token });
    await client.join("general");
    for (const emoji of emojis) {
      client.send({ type: "react", room: "general", id, emoji, on: true });
      await client.next("ack");
    }
  }
}

/** The reaction that is called so: the emoji and how many. */
function reaction({ messages }: Person, name: string): Locator {
  return messages.getByRole("button", { name, exact: true });
}

/** Counts how often the page asks who reacted. */
function countAsked({ page }: Person): () => number {
  let asked = 0;
  page.on("request", (request) => {
    if (ASKED.test(request.url())) asked++;
  });
  return () => asked;
}

pageTest(
  "who reacted before Alice came shows on hover, is asked for once and goes on with what happens",
  async ({ open, server }) => {
    await reactToBob(server);
    const alice = await open("/?user=Alice");
    const asked = countAsked(alice);
    const tip = alice.page.getByRole("tooltip");
    await reaction(alice, "🎉 3").hover();
    await tip.getByText("Carol, Dan and Eve reacted with 🎉", { exact: true }).waitFor();
    await reaction(alice, "👍 1").hover();
    await tip.getByText("Dan reacted with 👍", { exact: true }).waitFor();
    await reaction(alice, "👍 1").click();
    await reaction(alice, "🎉 3").hover();
    await tip.getByText("Carol, Dan and Eve reacted with 🎉", { exact: true }).waitFor();
    await reaction(alice, "👍 2").hover();
    await tip.getByText("You and Dan reacted with 👍", { exact: true }).waitFor();
    assertEquals(asked(), 1);
  },
);

pageTest(
  "who reacted describes a reaction that has the focus, and one that a finger rests on",
  async ({ open, server }) => {
    await reactToBob(server);
    const alice = await open("/?user=Alice", { apart: true, ...PHONE });
    // What still moves goes from under a finger.
    await alice.linkIs("Connected");
    const tip = alice.page.getByRole("tooltip");
    const chip = reaction(alice, "🎉 3");
    const { x, y, width, height } = (await chip.boundingBox())!;
    const touch = await alice.page.context().newCDPSession(alice.page);
    const touchPoints = [{ x: x + width / 2, y: y + height / 2 }];
    // The touch takes the focus from it.
    await alice.composer.focus();
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
    await tip.waitFor();
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await tip.getByText("Carol, Dan and Eve reacted with 🎉", { exact: true }).waitFor();
    assertEquals(await alice.page.locator(".message.open").count(), 0);
    // One tap puts hers there: the finger that rested did not.
    await chip.tap();
    await reaction(alice, "🎉 4").waitFor();

    await alice.log.focus();
    // To the message, and on to its second reaction.
    for (let stop = 0; stop < 3; stop++) await alice.page.keyboard.press("Tab");
    await tip.getByText("Dan reacted with 👍", { exact: true }).waitFor();
    assertEquals(await reaction(alice, "👍 1").getAttribute("aria-describedby"), "tip");
  },
);

pageTest(
  "how many reacted shows while the page cannot know who, and who as soon as it can",
  async ({ open, server }) => {
    await reactToBob(server);
    const alice = await open("/?user=Alice", { apart: true });
    const asked = countAsked(alice);
    const tip = alice.page.getByRole("tooltip");
    alice.expects(/ERR_FAILED/);
    await alice.page.route(ASKED, (route) => route.abort());
    await reaction(alice, "🎉 3").hover();
    await tip.getByText("3 people", { exact: true }).waitFor();
    await eventually(() => assertEquals(asked(), 1));
    await alice.page.unroute(ASKED);
    const answer = Promise.withResolvers<void>();
    await alice.page.route(ASKED, async (route) => {
      await answer.promise;
      await route.continue();
    });
    await alice.page.mouse.move(0, 0);
    await tip.waitFor({ state: "hidden" });
    await reaction(alice, "🎉 3").hover();
    await tip.getByText("3 people", { exact: true }).waitFor();
    answer.resolve();
    await tip.getByText("Carol, Dan and Eve reacted with 🎉", { exact: true }).waitFor();
    assertEquals(asked(), 2);
  },
);
