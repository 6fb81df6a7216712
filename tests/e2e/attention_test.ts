import { assertEquals } from "@std/assert";
import { pageTest, type Stage } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import { eventually, type Person } from "../helpers/person.ts";

/** Stands in for the desktop and the loudspeaker, and lets a test send the person away. */
const RECORDER = `
  globalThis.calls = [];
  globalThis.asked = 0;
  globalThis.tones = 0;
  let permission = "default";
  globalThis.Notification = class extends EventTarget {
    static get permission() { return permission; }
    static async requestPermission() { asked++; return permission = "granted"; }
    constructor(title, { body, tag }) {
      super();
      calls.push({ title, body, tag, notice: this });
    }
    close() {}
  };
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (at) { tones++; start.call(this, at); };
  let away = false;
  Object.defineProperty(document, "visibilityState", { get: () => away ? "hidden" : "visible" });
  document.hasFocus = () => !away;
  globalThis.go = (there) => {
    away = there;
    dispatchEvent(new Event(there ? "blur" : "focus"));
    document.dispatchEvent(new Event("visibilitychange"));
  };
`;

async function openRecorded({ open, server }: Stage, path = "/?user=Alice"): Promise<Person> {
  const alice = await open("about:blank", { apart: true });
  await alice.page.addInitScript(RECORDER);
  await alice.page.goto(server.url + path);
  await alice.linkIs("Connected");
  return alice;
}

const calls = ({ page }: Person) =>
  page.evaluate<string[]>("calls.map(({ title, body }) => `${title}: ${body}`)");
const tones = ({ page }: Person) => page.evaluate<number>("tones");
const icon = ({ page }: Person) =>
  page.evaluate<string>(`new URL(document.querySelector("link[rel=icon]").href).pathname`);

/** Opens the bell's menu, chooses something and closes it. */
async function choose({ page }: Person, role: "radio" | "checkbox", name: string): Promise<void> {
  await page.getByRole("button", { name: "Notifications", exact: true }).click();
  await page.getByRole(role, { name, exact: true }).click();
  await page.keyboard.press("Escape");
}

pageTest(
  "Alice who is elsewhere is called from the desktop, if she has asked for it",
  async (stage) => {
    const alice = await openRecorded(stage);
    await using bob = await Client.joined(stage.server.ws, "Bob");
    await alice.peopleAre("Alice", "Bob");
    await alice.page.evaluate("go(true)");
    await bob.say("Nobody asked for this");
    await eventually(async () => assertEquals(await alice.page.title(), "(1) #general · Parley"));
    assertEquals([await alice.page.evaluate("asked"), await calls(alice)], [0, []]);

    await alice.page.evaluate("go(false)");
    await choose(alice, "checkbox", "Desktop notifications");
    assertEquals(await alice.page.evaluate("asked"), 1);
    await bob.say("She is here");
    await alice.sees("Bob", "She is here");
    await alice.page.evaluate("go(true)");
    await bob.say("Come back");
    await eventually(async () => assertEquals(await calls(alice), ["Bob · #general: Come back"]));

    await alice.page.evaluate("go(false)");
    await choose(alice, "checkbox", "Desktop notifications");
    await alice.page.evaluate("go(true)");
    await bob.say("Never mind");
    await alice.sees("Bob", "Never mind");
    assertEquals((await calls(alice)).length, 1);
  },
);

pageTest(
  "Alice who follows a call comes to its room, also one that this page has not opened",
  async (stage) => {
    const first = await openRecorded(stage, "/?user=Alice&room=den");
    await using bob = await Client.joined(stage.server.ws, "Bob", "den");
    await choose(first, "checkbox", "Desktop notifications");
    // The room is Alice's, and this page has not entered it.
    await first.page.goto(`${stage.server.url}/?room=general`);
    await first.linkIs("Connected");
    await choose(first, "checkbox", "Desktop notifications");
    await first.page.evaluate("go(true)");
    await bob.say("Over here", "den");
    await eventually(async () => assertEquals(await calls(first), ["Bob · #den: Over here"]));
    await first.page.evaluate(`go(false); calls[0].notice.dispatchEvent(new Event("click"))`);
    await first.sees("Bob", "Over here");
    await first.page.getByRole("heading", { name: "den", level: 1 }).waitFor();
  },
);

pageTest(
  "a sound calls Alice once she has touched the page, and not if she wants none",
  async (stage) => {
    const alice = await openRecorded(stage);
    await using bob = await Client.joined(stage.server.ws, "Bob");
    await alice.page.evaluate("go(true)");
    await bob.say("Before any touch");
    await alice.sees("Bob", "Before any touch");
    assertEquals(await tones(alice), 0);

    await alice.page.mouse.click(600, 300);
    await bob.say("After it");
    await eventually(async () => assertEquals(await tones(alice), 2));
    await alice.page.evaluate("go(false)");
    await choose(alice, "checkbox", "Sound");
    await alice.page.waitForTimeout(REST_MS);
    await alice.page.evaluate("go(true)");
    await bob.say("Quietly, @Alice");
    await alice.sees("Bob", "Quietly, @Alice");
    assertEquals(await tones(alice), 2);
  },
);

/** How long after a sound no other one follows, in milliseconds. */
const REST_MS = 2_100;

pageTest(
  "the title and the icon tell Alice what is unread, as she wants it for each room",
  async (stage) => {
    const alice = await openRecorded(stage);
    await using bob = await Client.joined(stage.server.ws, "Bob");
    assertEquals(await icon(alice), "/favicon.svg");
    await alice.page.evaluate("go(true)");
    await bob.say("One");
    await bob.say("Two, @Alice");
    await eventually(async () => assertEquals(await alice.page.title(), "(@2) #general · Parley"));
    assertEquals(await icon(alice), "/favicon-unread.svg");
    await alice.page.evaluate("go(false)");
    await eventually(async () => assertEquals(await alice.page.title(), "#general · Parley"));
    assertEquals(await icon(alice), "/favicon.svg");

    await choose(alice, "radio", "Nothing");
    await alice.page.reload();
    await alice.linkIs("Connected");
    await alice.page.evaluate("go(true)");
    await bob.say("Three, @Alice");
    await alice.sees("Bob", "Three, @Alice");
    assertEquals(await alice.page.title(), "#general · Parley");
    await alice.page.evaluate("go(false)");
    await alice.page.getByRole("button", { name: "Notifications", exact: true }).click();
    assertEquals(await alice.page.getByRole("radio", { name: "Nothing" }).isChecked(), true);
  },
);
