import { assertEquals } from "@std/assert";
import { pageTest, type Stage, type VisitOptions } from "../helpers/browser.ts";
import { eventually, type Person } from "../helpers/person.ts";
import { Client } from "../helpers/client.ts";

/** More messages than the server replays after a break. */
const TOO_MANY = 510;
const LOW = { viewport: { width: 1280, height: 400 } } as const;
const UNLIMITED = { PARLEY_MESSAGES_PER_SECOND: "0" } as const;
const EMPTIED = `"epoch":"another","seq":0,"recovered":false`;
const UNREACHABLE = /^WebSocket connection to .* failed|net::ERR_/;

pageTest(
  "what Alice reads on one device is read on the other, and new messages stand below a line",
  async ({ open, server }) => {
    const phone = await open("/?room=general", { apart: true });
    await phone.signIn("Alice");
    await phone.linkIs("Connected");
    await phone.openRoom("random");
    await phone.linkIs("Connected");
    const storageState = await phone.page.context().storageState();
    const desk = await open("/?room=lobby", { apart: true, storageState });
    await desk.linkIs("Connected");
    await phone.openRoom("lobby");

    await using bob = await Client.joined(server.ws, "Bob", "random");
    await bob.say("first", "random");
    await bob.say("second, for @Alice", "random");
    for (const device of [phone, desk]) {
      await device.page.getByRole("link", { name: /random.*@ 2/ }).waitFor();
    }

    await phone.room("random").click();
    await phone.seesAll(["Bob: first", "Bob: second, for @Alice"]);
    await phone.log.getByText("New", { exact: true }).waitFor();
    for (const device of [phone, desk]) {
      await device.page.getByRole("link", { name: /^random$/ }).waitFor();
    }
    await desk.room("random").click();
    await desk.seesAll(["Bob: first", "Bob: second, for @Alice"]);
    assertEquals(await desk.log.getByText("New", { exact: true }).count(), 0);
  },
);

pageTest(
  "after a reload the line stands where Alice had read to, and she begins to read there",
  async ({ open, server }) => {
    await using bob = await Client.joined(server.ws, "Bob");
    const alice = await open("/?user=Alice", LOW);
    // What she finds when she first enters is not hers to read: only this is told to the server.
    await alice.peopleAre("Alice", "Bob");
    await bob.say("seen");
    await alice.sees("Bob", "seen");
    // Longer than a reading may wait to be told and to be written.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const address = alice.page.url();
    await alice.page.goto("about:blank");
    for (let line = 1; line <= 30; line++) await bob.say(`line ${line}`);

    await alice.page.goto(address);
    await alice.log.getByText("New", { exact: true }).waitFor();
    await eventually(async () =>
      assertEquals(await inView(alice, "line 1"), true, "the first new message is in view")
    );
    assertEquals(await inView(alice, "line 30"), false);
    await alice.page.getByRole("button", { name: "30 new messages" }).click();
    await alice.page.getByRole("button", { name: /new message/ }).waitFor({ state: "hidden" });
    assertEquals(await inView(alice, "line 30"), true);
  },
  UNLIMITED,
);

pageTest(
  "who reads a kept page until the server answers goes on at what is new by then",
  async (stage) => {
    const line: Line = { sockets: [] };
    const alice = await openBehind(stage, "/", line, LOW);
    await using bob = await Client.joined(stage.server.ws, "Bob");
    await bob.say("seen");
    await alice.sees("Bob", "seen");
    // Longer than a reading may wait to be told and to be written.
    await alice.page.waitForTimeout(2_500);
    alice.expects(UNREACHABLE);
    line.closed = true;
    await alice.page.goto("about:blank");
    for (let line = 1; line <= 30; line++) await bob.say(`line ${line}`);

    await alice.page.goto(stage.server.url);
    await alice.seesAll(["Bob: seen"]);
    line.closed = false;
    await alice.page.getByRole("button", { name: "30 new messages" }).waitFor();
    assertEquals(await inView(alice, "line 1"), true, "the first new message is in view");
  },
  UNLIMITED,
);

pageTest(
  "where messages are missing after a long break a line says so, and fetches them",
  async (stage) => {
    const line: Line = { sockets: [] };
    const alice = await openBehind(stage, "/?user=Alice", line);
    await using bob = await Client.joined(stage.server.ws, "Bob");
    await bob.say("before");
    await alice.sees("Bob", "before");
    alice.expects(UNREACHABLE);
    line.closed = true;
    await line.sockets.at(-1)!.close({ code: 1001 });
    await alice.linkIs("Reconnecting…");
    for (let round = 0; round < TOO_MANY; round += 30) {
      await Promise.all(Array.from({ length: 30 }, (_, at) => bob.say(`line ${round + at}`)));
    }
    line.closed = false;
    await alice.linkIs("Connected");
    await alice.sees("Bob", "line 509");
    await alice.log.getByText("Messages are missing here").waitFor();
    await alice.message("before").waitFor();
    const gap = alice.log.getByText(/missing/);
    await alice.log.getByRole("button", { name: "Fetch them" }).click();
    // A page holds 100, of which those before the newest 50 are the last.
    await alice.message(`line ${TOO_MANY - 150}`).waitFor();
    assertEquals(await alice.message(`line ${TOO_MANY - 151}`).count(), 0);
    while (await gap.count() > 0) {
      const button = alice.log.getByRole("button", { name: "Fetch them" });
      await button.click({ timeout: 500 }).catch(() => {});
    }
    assertEquals((await readDown(alice, `line ${TOO_MANY - 1}`)).size, TOO_MANY + 1);
  },
  UNLIMITED,
);

pageTest(
  "when the history was replaced the page comes back at once, shows what there is, and says so",
  async (stage) => {
    const line: Line = { sockets: [] };
    const alice = await openBehind(stage, "/?user=Alice", line);
    await using bob = await Client.joined(stage.server.ws, "Bob");
    await bob.say("one");
    await bob.say("two");
    await alice.seesAll(["Bob: one", "Bob: two"]);

    // What a server would say whose log was emptied.
    line.change = (frame) =>
      !frame.includes(`"type":"joined"`)
        ? frame
        : frame.replace(/"epoch":"[^"]*","seq":\d+,"recovered":true/, EMPTIED);
    await line.sockets.at(-1)!.close({ code: 1012 });
    await alice.log.getByText("This room's history was replaced.").waitFor();
    await alice.seesAll([]);
    line.change = undefined;
    await bob.say("three");
    await alice.sees("Bob", "three");
  },
);

pageTest("the card says who is there already", async ({ open, server }) => {
  const alice = await open("/", { apart: true });
  await alice.page.getByText("Nobody is here yet.").waitFor();
  await using _bob = await Client.joined(server.ws, "Bob");
  await using _carol = await Client.joined(server.ws, "Carol");
  await alice.page.reload();
  await alice.page.getByText("Bob and Carol are here.").waitFor();
});

/** The sockets of a page, and what becomes of what the server says on them. */
interface Line {
  readonly sockets: { close(options: { code: number }): Promise<void> }[];
  closed?: boolean;
  change?: ((frame: string) => string) | undefined;
}

/** Opens a page whose socket runs through a line, as Alice. */
async function openBehind(
  { open, server }: Stage,
  path: "/" | "/?user=Alice",
  line: Line,
  window: VisitOptions = { apart: true },
): Promise<Person> {
  const person = await open("about:blank", window);
  await person.page.routeWebSocket(/\/ws/, (socket) => {
    if (line.closed) return void socket.close({ code: 1001 });
    line.sockets.push(socket);
    const upstream = socket.connectToServer();
    socket.onMessage((frame) => upstream.send(frame));
    upstream.onMessage((frame) => socket.send(line.change?.(String(frame)) ?? frame));
  });
  await person.page.goto(new URL(path, server.url).href);
  if (path === "/") await person.signIn("Alice");
  await person.linkIs("Connected");
  return person;
}

/** Scrolls down until a message is in view, and answers all that was in the tree meanwhile. */
async function readDown(person: Person, text: string): Promise<Set<string>> {
  const seen = new Set<string>();
  do {
    for (const line of await person.lines()) seen.add(line);
    await person.log.evaluate((log) => {
      log.scrollBy(0, log.clientHeight / 2);
      const { defaultView: window } = log.ownerDocument;
      return new Promise((resolve) => window.requestAnimationFrame(resolve));
    });
  } while (await person.message(text).count() === 0 || !await inView(person, text));
  return seen;
}

/** Whether a message is within what the log shows. */
async function inView({ log }: Person, text: string): Promise<boolean> {
  const [frame, box] = await Promise.all([
    log.boundingBox(),
    log.getByText(text, { exact: true }).boundingBox(),
  ]);
  return box !== null && frame !== null && box.y >= frame.y &&
    box.y + box.height <= frame.y + frame.height;
}
