import { assert, assertEquals } from "@std/assert";
import { createReleaseFiles } from "../../lib/http/release_files.ts";
import { createStaticFiles } from "../../lib/http/static_files.ts";
import { browserTest, pageTest } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import { eventually, type Person } from "../helpers/person.ts";
import { ServerProcess, TemporaryFolder } from "../helpers/process.ts";
import { startServer } from "../helpers/server.ts";

const UNREACHABLE =
  /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_RE(?:FUSED|SET)|response code: 503|Failed to load resource/;
/** An outage that is shorter is not worth a word, in milliseconds. */
const NOTICED_MS = 2_000;
/** By when what has changed is written, in milliseconds. */
const WRITTEN_MS = 600;
/** By when what is kept of other rooms is renewed after the welcome, in milliseconds. */
const RENEWED_MS = 11_000;
const STATIC = new URL("../../static", import.meta.url).pathname;

pageTest(
  "Alice without a network opens the page, reads what she read last in each room, and writes",
  async ({ open }) => {
    const bob = await open("/?user=Bob", { apart: true });
    const alice = await open("/", { serviceWorkers: "allow" });
    alice.expects(UNREACHABLE);
    const network = alice.page.context();
    await alice.signIn("Alice");
    await alice.say("In general");
    await alice.sees("Alice", "In general");
    await alice.openRoom("den");
    await alice.say("In the den");
    await alice.openRoom("general");
    await alice.page.getByRole("button", { name: "Message Bob" }).click();
    await alice.page.getByRole("heading", { name: "Bob", level: 1 }).waitFor();
    await alice.say("Between us");
    await alice.seesAll(["Alice: Between us"]);
    await alice.openRoom("den");
    await keeps(alice, ["In the den", "In general", "Between us"]);
    await isKept(alice);

    await network.setOffline(true);
    await alice.page.reload();
    await alice.linkIs("Offline");
    await alice.seesAll(["Alice: In the den"]);
    const direct = alice.rooms.getByRole("list", { name: "Direct" });
    await direct.getByRole("link", { name: "Bob" }).click();
    await alice.page.getByRole("heading", { name: "Bob", level: 1 }).waitFor();
    await alice.seesAll(["Alice: Between us"]);
    await alice.room("general").click();
    await alice.seesAll(["Alice: In general"]);
    await alice.say("Into the silence");
    await alice.message("Into the silence", /waiting/).waitFor();
    await alice.page.reload();
    await alice.seesAll(["Alice: In general", "Alice: Into the silence"]);

    await bob.say("Where is Alice?");
    await alice.page.waitForTimeout(NOTICED_MS);
    await network.setOffline(false);
    await alice.linkIs("Connected");
    await alice.page.getByText("Back online.").waitFor();
    await alice.seesAll(["Alice: In general", "Bob: Where is Alice?", "Alice: Into the silence"]);
    await bob.sees("Alice", "Into the silence");
    await alice.page.getByText("Back online.").waitFor({ state: "hidden" });
  },
);

browserTest(
  "Alice whose server is gone opens the page all the same, and what she writes arrives when it is back",
  async (visitors) => {
    using folder = new TemporaryFolder();
    const first = await ServerProcess.listening({ settings: folder.store });
    const alice = await visitors.open(first.url, { serviceWorkers: "allow" });
    alice.expects(UNREACHABLE);
    await alice.signIn("Alice");
    await alice.say("While it is there");
    await keeps(alice, ["While it is there"]);
    await isKept(alice);
    await first.end("SIGKILL");

    await alice.page.reload();
    await alice.linkIs("Reconnecting…");
    await alice.say("While it is gone");
    await alice.message("While it is gone", /waiting/).waitFor();
    await alice.page.reload();
    await alice.seesAll(["Alice: While it is there", "Alice: While it is gone"]);

    const { port } = new URL(first.url);
    await using _second = await ServerProcess.listening({
      settings: { ...folder.store, PORT: port },
    });
    await alice.linkIs("Connected");
    await alice.sees("Alice", "While it is gone");
    await alice.seesAll(["Alice: While it is there", "Alice: While it is gone"]);
    await visitors.leave();
  },
);

browserTest(
  "a page takes all of its files from one release, with or without a network",
  async (visitors) => {
    await using site = await startSite();
    const alice = await visitors.open(site.url, { serviceWorkers: "allow" });
    alice.expects(UNREACHABLE);
    await alice.signIn("Alice");
    await alice.linkIs("Connected");
    await isKept(alice);
    const [old] = await releases(alice);

    // The next release cannot be had in full: one of its files is not there.
    await site.publish({ withhold: "/js/main.js" });
    await alice.page.goto("about:blank");
    await alice.page.goto(site.url);
    await alice.page.waitForTimeout(500);
    site.down = true;
    await alice.page.goto("about:blank");
    await alice.page.goto(site.url);
    await alice.composer.waitFor();
    assertEquals(await releases(alice), [old]);

    site.down = false;
    await site.publish();
    await alice.page.goto("about:blank");
    await alice.page.goto(site.url);
    await alice.linkIs("Connected");
    const [latest] = await releases(alice);
    assert(latest !== old);
    assertEquals(await releases(alice), [latest]);
    await isKept(alice);

    site.down = true;
    await alice.page.reload();
    await alice.composer.waitFor();
    assertEquals(await releases(alice), [latest]);
    await visitors.leave();
  },
);

browserTest(
  "a page of which a part is missing, as an older server was asked for it, comes by itself",
  async (visitors) => {
    await using site = await startSite();
    await site.publish({ withhold: "/js/main.js" });
    const alice = await visitors.open("about:blank");
    alice.expects(UNREACHABLE);
    await alice.page.goto(site.url);
    await alice.page.waitForTimeout(500);
    assertEquals(await alice.nameField.isVisible(), false);
    await site.publish();
    await alice.nameField.waitFor();
    await visitors.leave();
  },
);

browserTest(
  "a server in development gets its own files shown, whatever was kept before",
  async (visitors) => {
    await using site = await startSite();
    const alice = await visitors.open(site.url, { serviceWorkers: "allow" });
    await alice.signIn("Alice");
    await isKept(alice);

    site.develop();
    await alice.page.reload();
    await alice.linkIs("Connected");
    assertEquals(await releases(alice), []);
    await eventually(async () => assertEquals(await alice.page.evaluate("caches.keys()"), []));
    await visitors.leave();
  },
);

pageTest(
  "a message that was deleted while Alice was away leaves her browser too, and all others do when she signs out",
  async ({ open, server }) => {
    await using bob = await Client.joined(server.ws, "Bob", "den");
    const { id } = await bob.say("Forget this", "den");
    await bob.say("Keep this", "den");
    const alice = await open("/?room=den", { clock: true });
    await alice.signIn("Alice");
    await alice.sees("Bob", "Forget this");
    await alice.page.clock.runFor(WRITTEN_MS);
    await keeps(alice, ["Forget this", "Keep this"]);
    await alice.page.goto("about:blank");
    bob.send({ type: "delete", room: "den", id });
    await bob.settle();

    await alice.page.goto(server.url);
    await alice.linkIs("Connected");
    await alice.page.clock.runFor(RENEWED_MS);
    await keeps(alice, ["Keep this"]);

    await alice.page.getByRole("button", { name: "Sign out" }).click();
    await alice.nameField.waitFor();
    await keeps(alice, []);
  },
);

/** A site whose files can be replaced by another release while it runs. */
interface Site extends AsyncDisposable {
  readonly url: string;
  /** Whether it answers everything with an error, as a proxy does whose server is away. */
  down: boolean;
  /** Publishes another release, of which one file may not be there. */
  publish(options?: { withhold?: string }): Promise<void>;
  /** Goes on as a server in development. */
  develop(): void;
}

async function startSite(): Promise<Site> {
  using stack = new DisposableStack();
  const folder = stack.use(new TemporaryFolder());
  await copyFolder(STATIC, folder.path);
  const app = await startServer();
  let files = await createReleaseFiles(folder.path);
  let withheld: string | undefined;
  let count = 0;
  const own = new AbortController();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", signal: own.signal, onListen() {} },
    async (request, info) => {
      const { pathname } = new URL(request.url);
      if (site.down) return new Response("Away", { status: 503 });
      if (pathname === "/ws" || pathname.startsWith("/api/")) {
        return await app.app.fetch(request, info);
      }
      if (withheld !== undefined && pathname.endsWith(withheld)) {
        return new Response("Not here", { status: 404 });
      }
      return await files(request);
    },
  );
  const kept = stack.move();
  const site: Site = {
    url: `http://127.0.0.1:${server.addr.port}/`,
    down: false,
    async publish({ withhold } = {}) {
      // Two files of the release are others: those of two must not meet.
      for (const file of ["/js/main.js", "/js/client.js"]) {
        await Deno.writeTextFile(folder.path + file, `// release ${++count}\n`, { append: true });
      }
      files = await createReleaseFiles(folder.path);
      withheld = withhold;
    },
    develop() {
      files = createStaticFiles(folder.path);
    },
    async [Symbol.asyncDispose]() {
      own.abort();
      await server.finished;
      await app[Symbol.asyncDispose]();
      kept.dispose();
    },
  };
  return site;
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const [source, target] = [`${from}/${name}`, `${to}/${name}`];
    if (isDirectory) await copyFolder(source, target);
    else await Deno.copyFile(source, target);
  }
}

/** Waits until the browser keeps a release in full, and the page's worker is at work. */
async function isKept({ page }: Person): Promise<void> {
  await page.evaluate("navigator.serviceWorker.ready");
  const release = (await releases({ page }))[0];
  await eventually(async () => {
    const kept = await page.evaluate(
      `caches.open("parley.${release}").then((cache) => cache.match("/")).then(Boolean)`,
    );
    assert(kept, `The release ${release} is not kept`);
  });
}

/** The releases of which the page has taken files. */
async function releases({ page }: Pick<Person, "page">): Promise<string[]> {
  const names: string[] = await page.evaluate(
    `performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname)`,
  );
  const parts = names.filter((name) => /\/(js|css)\/.+\.(js|css)$/.test(name));
  assert(parts.length > 0, "The page has taken no files");
  return [...new Set(parts.flatMap((name) => /^\/@(\w+)\//.exec(name)?.[1] ?? []))];
}

/** Waits until the browser keeps the messages with these texts and no others, by the names of their rooms. */
async function keeps({ page }: Person, texts: readonly string[]): Promise<void> {
  await eventually(async () => assertEquals(await page.evaluate(KEPT_TEXTS), texts));
}

const KEPT_TEXTS = `new Promise((resolve) => {
    indexedDB.open("parley").onsuccess = ({ target: { result } }) => {
      result.transaction("pages").objectStore("pages").getAll().onsuccess = ({ target }) => {
        resolve(target.result.flatMap(({ messages }) => messages).flatMap(({ text }) => text ?? []));
        result.close();
      };
    };
  })`;
