import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from "playwright-core";
import { assertEquals } from "@std/assert";
import { startServer, type TestServer } from "./server.ts";

/** How long a test waits for what should come, in milliseconds. */
const PATIENCE_MS = 10_000;
/** How often it looks, in milliseconds. */
const LOOK_MS = 25;

/** Where Chromium is: the path in `CHROMIUM`, or the first of its usual places that exists. */
const EXECUTABLE = [
  Deno.env.get("CHROMIUM"),
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
].find((path) => path !== undefined && exists(path));

const SKIPPED = EXECUTABLE === undefined && Deno.env.get("CI") !== "true";

/** The window of a desktop, and that of a phone. */
export const DESKTOP = { viewport: { width: 1280, height: 800 } } as const;
export const PHONE = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
} as const;

/** How a page is opened: in a tab of the one browser of its test, unless this says otherwise. */
export interface VisitOptions extends BrowserContextOptions {
  /** Opens it in a browser of its own, with cookies and a network of its own. So do all options of Playwright's. */
  readonly apart?: boolean;
  /** Puts the page's clock into the test's hands: `page.clock` turns it forward. It runs by itself as well. */
  readonly clock?: boolean;
}

let shared = false;
let browser: Browser | undefined;

function shareBrowser(): void {
  if (shared) return;
  shared = true;
  if (SKIPPED) {
    console.warn("SKIPPED: all tests in a browser. There is no Chromium; CHROMIUM can say where.");
    return;
  }
  Deno.test.beforeAll(async () => {
    browser = await launchBrowser();
  });
  Deno.test.afterAll(() => browser?.close());
}

/** Starts the browser, for a test or a script. */
export function launchBrowser(): Promise<Browser> {
  if (EXECUTABLE === undefined) {
    throw new Error("Cannot find Chromium: install it, or set CHROMIUM to its path");
  }
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // The lists below the address bar, which nobody sees, would take as long to start as the page.
      "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    ],
  });
}

/** A test in a real browser, which all tests of a file share. It fails as well if a page logs an error that nobody expects. */
export function browserTest(name: string, run: (visitors: Visitors) => Promise<void>): void {
  shareBrowser();
  Deno.test({
    name,
    ignore: SKIPPED,
    fn: async () => {
      await using visitors = new Visitors(browser!);
      await run(visitors);
      visitors.assertCalm();
    },
  });
}

/** What a {@linkcode pageTest} gets: an instance of its own, and who visits it. */
export interface Stage {
  readonly server: TestServer;
  /** Opens a path of the server's page. */
  readonly open: (path: string, options?: VisitOptions) => Promise<Person>;
}

/** A {@linkcode browserTest} against an instance in this process. */
export function pageTest(
  name: string,
  run: (stage: Stage) => Promise<void>,
  settings: Readonly<Record<string, string>> = {},
): void {
  browserTest(name, async (visitors) => {
    const server = await startServer(settings);
    try {
      await run({
        server,
        open: (path, options) => visitors.open(new URL(path, server.url).href, options),
      });
    } finally {
      // Before the server, or pages would complain that it is gone.
      await visitors.leave();
      await server[Symbol.asyncDispose]();
    }
  });
}

/** Everybody who has a page open in a test. */
export class Visitors implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];
  readonly #people: Person[] = [];
  #together: Promise<BrowserContext> | undefined;

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** Opens an address. */
  async open(url: string, { apart, clock, ...options }: VisitOptions = {}): Promise<Person> {
    const alone = apart || Object.keys(options).length > 0;
    const context = await (alone ? this.#begin(options) : this.#together ??= this.#begin());
    const page = await context.newPage();
    const person = new Person(page);
    this.#people.push(person);
    if (clock) await page.clock.install();
    await page.goto(url);
    return person;
  }

  /** Fails if a page has logged an error that nobody expects. */
  assertCalm(): void {
    assertEquals(this.#people.flatMap(({ faults }) => faults), []);
  }

  /** Closes all pages. */
  async leave(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }

  async #begin(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.#browser.newContext({ ...DESKTOP, locale: "en-GB", ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    this.#contexts.push(context);
    return context;
  }
}

/** Somebody at a page, who finds things as people do: by their role and their name. */
export class Person {
  readonly page: Page;
  /** What the page has complained of, but for what is expected: errors, and what the content security policy forbids. */
  readonly faults: string[] = [];
  /** The addresses of all the sockets that the page has opened. */
  readonly sockets: string[] = [];
  readonly nameField: Locator;
  readonly log: Locator;
  readonly messages: Locator;
  readonly composer: Locator;
  readonly send: Locator;
  readonly people: Locator;
  readonly status: Locator;
  readonly #expected: RegExp[] = [];

  constructor(page: Page) {
    this.page = page;
    this.nameField = page.getByRole("textbox", { name: "Your name", exact: true });
    this.log = page.getByRole("log", { name: "Messages", exact: true });
    this.messages = this.log.getByRole("article");
    this.composer = page.getByRole("textbox", { name: "Message", exact: true });
    this.send = page.getByRole("button", { name: "Send", exact: true });
    this.people = page.getByRole("list", { name: "People", exact: true }).getByRole("listitem");
    this.status = page.getByRole("status");
    page.on("console", (message) => {
      if (message.type() === "error") this.#complain(message.text());
    });
    page.on("pageerror", (error) => this.#complain(error.stack ?? error.message));
    page.on("crash", () => this.#complain("The page crashed"));
    page.on("websocket", (socket) => this.sockets.push(socket.url()));
  }

  /** Expects the page to complain of something: the browser itself logs each request that fails. */
  expects(complaint: RegExp): void {
    this.#expected.push(complaint);
  }

  /** Writes a name on the card, and joins. */
  async signIn(name: string): Promise<void> {
    await this.nameField.fill(name);
    await this.page.getByRole("button", { name: "Join", exact: true }).click();
  }

  /** Waits until the page says how it stands with the connection. */
  async linkIs(state: "Connected" | "Reconnecting…" | "Offline"): Promise<void> {
    await this.status.getByText(state, { exact: true }).waitFor();
  }

  /** Says something in the room that is open. */
  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
  }

  /** Waits until the log holds a message once, confirmed by the server if it is the person's own. */
  async sees(author: string, text: string): Promise<void> {
    await this.message(text, new RegExp(`^${RegExp.escape(author)}, \\d`)).waitFor();
  }

  /** The messages with this text, and with this name if one is given. */
  message(text: string, name?: RegExp): Locator {
    const words = this.page.getByText(text, { exact: true });
    return this.log.getByRole("article", { name }).filter({ has: words });
  }

  /** Waits until the log holds these messages and no others, each written `Author: text`. */
  async seesAll(lines: readonly string[]): Promise<void> {
    await eventually(async () => assertEquals(await this.lines(), lines));
  }

  /** The messages of the room that is open, from the first to the last, each written `Author: text`. */
  async lines(): Promise<string[]> {
    return await this.messages.evaluateAll((articles) =>
      articles.map((article) => {
        const [author] = article.ariaLabel.split(", ");
        return `${author}: ${[...article.querySelectorAll("p")].at(-1).textContent}`;
      })
    );
  }

  /** Waits until the People list names these and nobody else. */
  async peopleAre(...names: string[]): Promise<void> {
    await eventually(async () => {
      for (const name of names) {
        assertEquals(await this.people.getByText(name, { exact: true }).count(), 1, name);
      }
      assertEquals(await this.people.count(), names.length);
    });
  }

  /** The link of a room in the navigation. */
  room(name: string): Locator {
    const rooms = this.page.getByRole("navigation", { name: "Rooms", exact: true });
    return rooms.getByRole("link", { name: new RegExp(`^#?\\s*${RegExp.escape(name)}\\b`) });
  }

  /** The room that the navigation marks as the open one. */
  currentRoom(): Locator {
    const rooms = this.page.getByRole("navigation", { name: "Rooms", exact: true });
    return rooms.locator("[aria-current=page]");
  }

  /** Makes a room, or opens one that is there. */
  async openRoom(name: string): Promise<void> {
    await this.page.getByRole("textbox", { name: "Room name" }).fill(name);
    await this.page.keyboard.press("Enter");
  }

  #complain(complaint: string): void {
    if (!this.#expected.some((expected) => expected.test(complaint))) this.faults.push(complaint);
  }
}

/** Waits until a check passes. Fails with its last complaint after 10 s. */
export async function eventually(check: () => void | Promise<void>): Promise<void> {
  const late = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > late) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
