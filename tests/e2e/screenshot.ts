/** Lets a few people talk in front of a browser, and takes the picture of it that the README shows. */
import { fileURLToPath } from "node:url";
import { createTokens } from "../../lib/auth/tokens.ts";
import type { User } from "../../lib/model/user.ts";
import { DESKTOP, launchBrowser, Visitors } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import { startServer } from "../helpers/server.ts";

const PICTURE = fileURLToPath(new URL("../../docs/screenshot.png", import.meta.url));
const SECRET = "the same colours in each picture";
const ROOM = "lantern-walk";

// A person's colour comes from their id.
const nora = { id: "nora00000098", name: "Nora" };
const ines = { id: "ines00000988", name: "Inês" };
const tom = { id: "tom000000012", name: "Tom" };
const kofi = { id: "kofi00000364", name: "Kofi" };
const yuki = { id: "yuki00000329", name: "Yuki" };

/** What is said, at which time of the day, and for some the number of the line that it answers and what it earns. */
const TALK: readonly Line[] = [
  {
    at: "09:41",
    who: ines,
    text: "The first lantern is dry, and it flies. Well, it hovers. Well, it glows 🏮",
  },
  { at: "09:42", who: tom, text: "Is the moon on it still smiling?" },
  {
    at: "09:44",
    who: ines,
    text: "Of course. I fought for that smile.",
    answers: 1,
    earns: { "😂": [tom, kofi, nora], "🌙": [yuki] },
  },
  {
    at: "09:47",
    who: nora,
    text:
      "I can bring it to the library at noon. Does anybody have tape that is kind to old walls?",
  },
  { at: "09:48", who: kofi, text: "Third drawer, behind the biscuits.", earns: { "🙏": [nora] } },
  { at: "09:48", who: kofi, text: "Please do not ask how old the biscuits are." },
  {
    at: "09:50",
    who: tom,
    text: "They are not old. They are vintage.",
    answers: 5,
    earns: { "🍪": [nora, ines, yuki] },
  },
  { at: "09:53", who: nora, text: "Putting “vintage biscuits” on the poster, then." },
  {
    at: "09:55",
    who: yuki,
    text: "Just read all of this on the tram and now I am the person who laughs on the tram",
  },
];

interface Line {
  readonly at: string;
  readonly who: User;
  readonly text: string;
  readonly answers?: number;
  readonly earns?: Readonly<Record<string, readonly User[]>>;
}

// The picture shows the same times whenever it is taken: the server of this process takes them from here.
let now = 0;
Date.now = () => now;
tellTime("09:40");

await using server = await startServer({ PARLEY_SECRET: SECRET });
const tokens = createTokens(new TextEncoder().encode(SECRET));
await using people = new AsyncDisposableStack();
const clients = new Map<User, Client>();
for (const user of [ines, tom, kofi, yuki, nora]) {
  const client = people.use(await Client.welcomed(server.ws, { token: await sign(user) }));
  for (const room of [ROOM, "general", "music"]) await client.join(room);
  clients.set(user, client);
}

await using browser = await launchBrowser();
await using visitors = new Visitors(browser);
const viewer = await visitors.open("about:blank", {
  ...DESKTOP,
  timezoneId: "UTC",
  colorScheme: "light",
});
const { page } = viewer;
await page.context().addCookies([{
  name: "parley_session",
  value: await sign(nora),
  url: server.url,
}]);
await page.clock.install({ time: tellTime("09:56") });
await page.goto(`${server.url}/?room=music`);
for (const room of ["general", ROOM]) {
  await viewer.room(room).click();
  await viewer.linkIs("Connected");
}

const ids: string[] = [];
for (const line of TALK) ids.push(await say(line));
const last = TALK.at(-1)!;
await viewer.sees(last.who.name, last.text);
await clients.get(ines)!.say("Who has the key to the shed?", "general");
for (const text of ["Two songs or three?", "Three!", "Three and the slow one"]) {
  await clients.get(kofi)!.say(text, "music");
}
clients.get(kofi)!.send({ type: "typing", room: ROOM, on: true });
await page.getByText("Kofi is typing…").waitFor();
await page.getByRole("link", { name: /music.*3/ }).waitFor();
await page.screenshot({ path: PICTURE });
visitors.assertCalm();

async function say({ at, who, text, answers, earns = {} }: Line): Promise<string> {
  tellTime(at);
  const speaker = clients.get(who)!;
  const reply_to = answers === undefined ? undefined : ids[answers];
  const line = ids.length;
  speaker.send({ type: "send", ref: line, room: ROOM, text, reply_to });
  const { id } = await speaker.next("ack", ({ ref }) => ref === line);
  for (const [emoji, fans] of Object.entries(earns)) {
    for (const fan of fans) {
      const client = clients.get(fan)!;
      client.send({ type: "react", room: ROOM, id, emoji, on: true });
      await client.settle();
    }
  }
  return id;
}

async function sign(user: User): Promise<string> {
  return await tokens.sign(user, { guest: false });
}

function tellTime(clock: string): number {
  return now = Date.parse(`2026-11-24T${clock}:00Z`);
}
