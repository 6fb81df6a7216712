import { DESKTOP, pageTest, PHONE } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import { isSound } from "../helpers/looks.ts";

const ROOMS = ["lantern-walk", "music", "a-room-whose-name-is-32-chars-xx", "quiet-corner"];

for (const [device, window] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
  pageTest(
    `on a ${device} rooms, direct rooms, search and the ways there fit and are accessible`,
    async ({ open, server }) => {
      await using bob = await Client.joined(server.ws, "Maximilian Featherstonehaugh-Smy");
      for (const room of ROOMS) {
        await bob.join(room);
        await bob.say(`The **lantern** of ${room} glows, ${"and glows ".repeat(8)}`, room);
      }
      const alice = await open("/?user=Alice&room=music", {
        ...window,
        reducedMotion: "reduce",
      });
      const { page } = alice;
      const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
      const look = (state: string) => isSound(alice, `${device}-${state}`);
      const phone = device === "phone";
      await alice.linkIs("Connected");
      if (phone) await page.getByRole("button", { name: /^Back to rooms/ }).click();
      await alice.room("lantern-walk").click();
      if (phone) await page.getByRole("button", { name: /^People/ }).click();
      await press("Star");
      await press("Message Maximilian Featherstonehaugh-Smy");
      await page.getByText(/^Only you and/).waitFor();
      await look("direct");
      await alice.composer.fill("I wanted to ask you something");
      await alice.send.click();
      await bob.next("room_changed", ({ room }) => room.startsWith("~"));
      for (const room of ROOMS) await bob.say("@Alice, look at this one", room);
      if (phone) await page.getByRole("button", { name: /^Back to rooms/ }).click();
      await page.getByRole("link", { name: /music.*1/ }).waitFor();
      await look("rooms-all");
      await page.keyboard.press("Control+k");
      await page.getByRole("option").first().waitFor();
      await look("switcher");
      await page.keyboard.press("Escape");
      await press("Keyboard shortcuts");
      await look("keys");
      await page.keyboard.press("Escape");
      await alice.room("lantern-walk").click();
      if (phone) await press("Search");
      await page.getByRole("searchbox").fill("lantern");
      await page.locator("mark").first().waitFor();
      await look("search");
      await page.getByRole("searchbox").fill("quince");
      await page.getByText("Nothing found", { exact: true }).waitFor();
      await look("search-nothing");
    },
  );
}
