import { assert, assertEquals, assertMatch } from "@std/assert";
import { DESKTOP, pageTest, PHONE } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import { looksSound } from "../helpers/looks.ts";
import { eventually } from "../helpers/person.ts";

const STILL = { reducedMotion: "reduce" } as const;

/** Of each language: what the button on the card is called, the field to write in, and what a day is. */
const LANGUAGES = [
  ["de-AT", "Beitreten", "Nachricht", "Heute"],
  ["es-MX", "Entrar", "Mensaje", "Hoy"],
  ["fr-CA", "Entrer", "Message", "Aujourd’hui"],
  ["ja-JP", "参加", "メッセージ", "今日"],
  ["ar-EG", "انضمام", "الرسالة", "اليوم"],
] as const;

for (const [locale, join, message, today] of LANGUAGES) {
  pageTest(
    `somebody whose browser speaks ${locale} reads the page in it`,
    async ({ open, server }) => {
      await using bob = await Client.joined(server.ws, "Bob");
      const { page } = await open("/", { locale, ...STILL });
      const [language = ""] = locale.split("-", 1);
      assertEquals(await page.getAttribute("html", "lang"), language);
      await page.getByRole("textbox").fill("Alice");
      await page.getByRole("button", { name: join, exact: true }).click();
      await page.getByRole("textbox", { name: message, exact: true }).waitFor();
      await bob.say("Hello");
      await page.getByText("Hello", { exact: true }).waitFor();
      await page.getByText(today, { exact: true }).waitFor();
      assertEquals(await page.title(), "#general · Parley");
    },
  );
}

pageTest("somebody whose languages the page has none of reads English", async ({ open }) => {
  const { page } = await open("/", { locale: "fi-FI" });
  await page.getByRole("button", { name: "Join", exact: true }).waitFor();
  assertEquals(await page.getAttribute("html", "lang"), "en");
  assertEquals(await page.getAttribute("html", "dir"), "ltr");
});

pageTest("a language whose texts cannot be had is English, from the left", async ({ open }) => {
  const alice = await open("/", { locale: "ar-EG" });
  alice.expects(/ERR_FAILED/);
  await alice.page.route("**/strings/ar.js", (route) => route.abort());
  await alice.page.reload();
  await alice.page.getByRole("button", { name: "Join", exact: true }).waitFor();
  assertEquals(await alice.page.getAttribute("html", "dir"), "ltr");
});

for (const [device, window] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
  for (const locale of ["ar", "de"]) {
    pageTest(`on a ${device} all fits the window and is accessible in ${locale}`, async (stage) => {
      const { page } = await stage.open("/", { ...window, ...STILL, locale });
      await page.locator("#your-name").waitFor();
      await looksSound(page, `${device}-${locale}-sign-in`);
      await page.locator("#your-name").fill("Alice");
      await page.locator("#sign-in button").click();
      await page.locator("#composer").waitFor();
      await using bob = await Client.joined(stage.server.ws, "Bob");
      await bob.say("Guten Morgen, wie geht es euch?");
      await bob.say("صباح الخير، كيف حالكم؟");
      await page.getByRole("article").nth(1).waitFor();
      await page.locator("#message").fill("Hello");
      await page.keyboard.press("Enter");
      if (device === "phone") await page.locator(".send").click();
      await eventually(async () => assertEquals(await page.getByRole("article").count(), 3));
      await looksSound(page, `${device}-${locale}-room`);
      if (device === "phone") {
        await page.locator("#back").click();
        await looksSound(page, `${device}-${locale}-rooms`);
      }
      await page.locator("#settings-open").click();
      await page.getByRole("dialog").waitFor();
      await looksSound(page, `${device}-${locale}-settings`);
    });
  }
}

pageTest(
  "in Arabic the page stands from right to left, and what it shows beside it too",
  async ({ open }) => {
    const { page } = await open("/?user=Alice", { locale: "ar", ...STILL });
    const composer = page.getByRole("textbox", { name: "الرسالة", exact: true });
    await composer.waitFor();
    const left = async (selector: string) => (await page.locator(selector).boundingBox())!.x;
    const sides = [await left(".rail"), await left(".room"), await left("#people-pane")];
    assertEquals(sides, sides.toSorted((a, b) => b - a));
    assertMatch(await composer.getAttribute("placeholder") ?? "", /رسالة إلى/);
    const head = (await page.locator(".room > .bar").boundingBox())!;
    const name = (await page.locator("#room-name").boundingBox())!;
    assert(
      head.x + head.width - (name.x + name.width) < 24,
      "The name is not where the line begins",
    );
    await page.locator("#bell").click();
    const menu = (await page.locator(".menu").boundingBox())!;
    const bell = (await page.locator("#bell").boundingBox())!;
    assertEquals(Math.round(menu.x + menu.width), Math.round(bell.x + bell.width));
  },
);

pageTest("without a network the page opens in its language all the same", async ({ open }) => {
  const alice = await open("/", { locale: "de-DE", serviceWorkers: "allow" });
  alice.expects(/ERR_INTERNET_DISCONNECTED|Failed to load resource/);
  const { page } = alice;
  await page.locator("#your-name").fill("Alice");
  await page.getByRole("button", { name: "Beitreten" }).click();
  await alice.status.getByText("Verbunden").waitFor();
  // The page comes last into the cache of its release.
  await eventually(async () => assert(await page.evaluate(`caches.match("/").then(Boolean)`)));
  await page.context().setOffline(true);
  await page.reload();
  await alice.status.getByText("Offline").waitFor();
  await page.getByRole("button", { name: "Senden" }).waitFor();
});
