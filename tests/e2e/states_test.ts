import { assertEquals } from "@std/assert";
import type { Locator } from "playwright-core";
import { openBehind } from "../helpers/behind.ts";
import { DESKTOP, pageTest, PHONE } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import { NOWHERE } from "../helpers/directs.ts";
import { isSound } from "../helpers/looks.ts";
import { eventually } from "../helpers/person.ts";

/** A message with all that a text can have. */
const RICH =
  "@Alice **b** *i* ~~s~~ `c` [docs](https://a.example/)\n> q\n- one\n1. two\n```\nx\n```";

for (const [device, window] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
  pageTest(
    `on a ${device} all that opens, waits or fails in a room fits and is accessible, in light and dark`,
    async (stage) => {
      await using bob = await Client.joined(stage.server.ws, "Bob");
      for (let line = 0; line < 30; line++) await bob.say(`line ${line}`);
      await bob.say(RICH);
      await bob.say("line\n".repeat(60));
      const { id } = await bob.say("Look at this");
      const alice = await openBehind(
        stage,
        "/?user=Alice",
        (_, frame) => frame.replace(`"text":"odd"`, `"text":""`),
        { ...window, reducedMotion: "reduce" },
      );
      const { composer, log, page, page: { keyboard } } = alice;
      const phone = device === "phone";
      const look = (state: string) => isSound(alice, `${device}-${state}`);
      const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
      const opened = (name: string) => page.getByRole("dialog", { name, exact: true }).waitFor();
      const message = alice.message("Look at this");
      await message.waitFor();

      const offer = page.getByRole("listbox", { name: "Suggestions" }).getByRole("option").first();
      for (const [state, text] of [["people-offered", "@"], ["emoji-offered", ":par"]] as const) {
        await composer.fill("");
        await composer.pressSequentially(text);
        await offer.waitFor();
        await look(state);
      }
      await composer.fill("x".repeat(2_050));
      await page.getByText("50 too many", { exact: true }).waitFor();
      await look("too-long");
      await composer.fill("");

      for (const name of ["Go to date", "Notifications"]) {
        await press(name);
        await opened(name);
        await look(`open-${name.toLowerCase().replaceAll(" ", "-")}`);
        await keyboard.press("Escape");
      }

      if (phone) await message.dispatchEvent("pointerdown", { pointerType: "touch" });
      else await message.hover();
      const action = (name: string) => message.getByRole("button", { name, exact: true });
      await eventually(async () => assertEquals(await opacityOf(action("React")), "1"));
      await look("actions");
      await action("React").click();
      await opened("Emoji");
      await page.getByRole("button", { name: "grinning", exact: true }).waitFor();
      await look("reacting");
      await press("Heart");
      bob.send({ type: "react", room: "general", id, emoji: "🎉", on: true });
      await message.getByRole("button", { name: "🎉 1", exact: true }).waitFor();
      const heart = message.getByRole("button", { name: "❤️ 1", exact: true });
      if (phone) await heart.dispatchEvent("pointerover", { pointerType: "touch" });
      else await heart.hover();
      await page.getByRole("tooltip").getByText("You reacted with ❤️").waitFor();
      await look("who-reacted");
      await keyboard.press("Escape");

      await message.focus();
      await keyboard.press("r");
      await page.getByText("Replying to Bob: Look at this", { exact: true }).waitFor();
      await look("replying");
      const say = async (text: string) => {
        await composer.fill(text);
        await alice.send.click();
      };
      await say("I do");
      await alice.message("I do", /\d$/).focus();
      await keyboard.press("e");
      await page.getByText("Editing your message", { exact: true }).waitFor();
      await look("editing");
      await say("I did");
      await say("odd");
      const reason = "Not sent. A message must have a text: this one is blank.";
      await alice.message("odd", /not sent/).getByText(reason, { exact: true }).waitFor();
      await look("failed");
      await alice.message("I did").focus();
      await keyboard.press("Delete");
      await log.getByRole("button", { name: "Undo", exact: true }).waitFor();
      await look("deleted");

      await log.evaluate((element) => element.scrollTop = 0);
      await bob.say("Anybody?");
      await page.getByRole("button", { name: "1 new message", exact: true }).waitFor();
      await look("news-below");

      await page.goto(`${stage.server.url}/?room=${NOWHERE}`);
      await page.getByText("This conversation is between two other people.").waitFor();
      await look("refused");
    },
    { PARLEY_MESSAGES_PER_SECOND: "0" },
  );
}

/** How much of something shows: what can be done to a message does so when it is pointed at, or pressed for a while. */
function opacityOf(target: Locator): Promise<string> {
  return target.evaluate((element) => {
    const bar = element.closest(".actions");
    return bar.ownerDocument.defaultView.getComputedStyle(bar).opacity;
  });
}
