import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
} from "playwright-core";
import { assertEquals } from "@std/assert";
import { PATIENCE_MS, Person } from "./person.ts";
import { startServer, type TestServer } from "./server.ts";

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
      await visitors.showing(() => run(visitors));
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
      const open = (path: string, options?: VisitOptions) =>
        visitors.open(new URL(path, server.url).href, options);
      await visitors.showing(() => run({ server, open }));
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

  /** Runs a test. If it fails, the error tells what there was to see on the pages that are open. */
  async showing(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      const open = this.#people.filter(({ page }) => !page.isClosed());
      const sights = await Promise.all(open.map((person) => person.sight()));
      throw sights.length > 0 ? new Error(sights.join("\n"), { cause: error }) : error;
    }
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
    const context = await this.#browser.newContext({
      ...DESKTOP,
      locale: "en-GB",
      // What a worker asks for is out of reach for a test that stands between the page and its server.
      serviceWorkers: "block",
      ...options,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    this.#contexts.push(context);
    return context;
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
