import { assert, assertEquals } from "@std/assert";
import { DESKTOP, pageTest, PHONE } from "../helpers/browser.ts";
import { looksSound } from "../helpers/looks.ts";
import { eventually, type Person } from "../helpers/person.ts";

const STILL = { reducedMotion: "reduce" } as const;

/** Opens the settings. */
async function openSettings({ page }: Person) {
  const back = page.getByRole("button", { name: "Back to rooms" });
  if (await back.isVisible()) await back.click();
  await page.getByRole("button", { name: "Settings", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Settings", exact: true });
  await dialog.waitFor();
  return dialog;
}

const backgroundOf = ({ page }: Person) =>
  page.evaluate<string>("getComputedStyle(document.body).backgroundColor");

for (const [device, window] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
  pageTest(`on a ${device} Alice chooses how the page looks, and it stays so`, async ({ open }) => {
    const alice = await open("/?user=Alice", { ...window, ...STILL });
    await alice.linkIs("Connected");
    const light = await backgroundOf(alice);
    const dialog = await openSettings(alice);
    assert(await dialog.getByRole("radio", { name: "System" }).isChecked());
    await looksSound(alice.page, `${device}-settings`);
    await alice.page.emulateMedia({ colorScheme: "light" });

    await dialog.getByRole("radio", { name: "Dark" }).check();
    const dark = await backgroundOf(alice);
    assert(dark !== light);
    await dialog.getByRole("radio", { name: "Compact" }).check();
    await alice.page.reload();
    await alice.page.locator("#app").waitFor();
    assertEquals(await backgroundOf(alice), dark);
    assertEquals(await alice.page.getAttribute("html", "data-density"), "compact");
    await looksSound(alice.page, `${device}-compact`);

    await (await openSettings(alice)).getByRole("radio", { name: "System" }).check();
    await alice.page.emulateMedia({ colorScheme: "light" });
    assertEquals(await backgroundOf(alice), light);
  });
}

pageTest("what Alice chooses in one tab holds in the other at once", async ({ open }) => {
  const alice = await open("/?user=Alice");
  const other = await open("/?user=Anna");
  await other.linkIs("Connected");
  await (await openSettings(alice)).getByRole("radio", { name: "Dark" }).check();
  await eventually(async () => {
    assertEquals(await other.page.getAttribute("html", "data-theme"), "dark");
  });
});

pageTest(
  "Alice takes another language, and keeps her room and what she has begun to write",
  async ({ open }) => {
    const alice = await open("/?user=Alice&room=den", { locale: "en-GB", ...STILL });
    await alice.composer.fill("Half a sentence");
    await (await openSettings(alice)).getByRole("combobox", { name: "Language" }).selectOption(
      "fr",
    );
    await alice.page.getByRole("heading", { name: "den", level: 1 }).waitFor();
    await alice.page.getByRole("button", { name: "Envoyer" }).waitFor();
    assertEquals(
      await alice.page.getByRole("textbox", { name: "Message" }).inputValue(),
      "Half a sentence",
    );
    await alice.page.getByRole("button", { name: "Réglages" }).click();
    await alice.page.getByRole("combobox", { name: "Langue" }).selectOption("automatic");
    await alice.page.getByRole("button", { name: "Send", exact: true }).waitFor();
  },
);

pageTest("the sounds that Alice turns off are off for the bell too", async ({ open }) => {
  const alice = await open("/?user=Alice");
  await alice.linkIs("Connected");
  const dialog = await openSettings(alice);
  await dialog.getByRole("checkbox", { name: "Sound" }).uncheck();
  await alice.page.keyboard.press("Escape");
  assert(!await dialog.isVisible());
  await alice.page.getByRole("button", { name: "Notifications" }).click();
  const sound = alice.page.getByRole("dialog").getByRole("checkbox", { name: "Sound" });
  assert(!await sound.isChecked());
});

pageTest("notifications are asked for by a click, and by nothing else", async ({ open }) => {
  const alice = await open("/?user=Alice", { permissions: [] });
  await alice.page.evaluate(`
    globalThis.asked = 0;
    Object.defineProperty(Notification, "permission", { get: () => asked > 0 ? "granted" : "default" });
    Notification.requestPermission = () => Promise.resolve(++asked && "granted");
  `);
  await alice.linkIs("Connected");
  const dialog = await openSettings(alice);
  assertEquals(await alice.page.evaluate("asked"), 0);
  await dialog.getByRole("checkbox", { name: "Desktop notifications" }).click();
  await eventually(async () => assertEquals(await alice.page.evaluate("asked"), 1));
  assert(await dialog.getByRole("checkbox", { name: "Desktop notifications" }).isChecked());
});

pageTest("Alice signs in under another name, and her old one is free", async ({ open }) => {
  const alice = await open("/", { apart: true });
  await alice.signIn("Alice");
  await alice.linkIs("Connected");
  const dialog = await openSettings(alice);
  await dialog.getByRole("button", { name: "Sign in under another name" }).click();
  await alice.signIn("Alicia");
  await alice.peopleAre("Alicia");
  const bob = await open("/", { apart: true });
  await bob.signIn("Alice");
  await bob.linkIs("Connected");
});
