import { launchBrowser } from "../../tests/helpers/browser.ts";
import { Client } from "../../tests/helpers/client.ts";
import { ServerProcess } from "../../tests/helpers/process.ts";
import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";

/** How long a whole run may take, in milliseconds. */
const LIFETIME_MS = 30 * 60 * 1000;
/** The window of a desktop. */
const WINDOW = { width: 1280, height: 800 };

/** A server of this machine with a room that somebody fills, and a browser to look at it. */
export class Site implements AsyncDisposable {
  /** Where the page is. */
  readonly url: string;
  /** Who writes in the room. */
  readonly writer: Client;
  readonly #server: ServerProcess;
  readonly #browser: Browser;

  private constructor(server: ServerProcess, browser: Browser, writer: Client) {
    this.url = `${server.url}/`;
    this.#server = server;
    this.#browser = browser;
    this.writer = writer;
  }

  /** Starts a server and a browser, with so many messages in the room `general`. */
  static async open(messages: number): Promise<Site> {
    const server = await ServerProcess.listening({
      settings: { PARLEY_STORE: "memory:", PARLEY_ISOLATES: "1", PARLEY_MESSAGES_PER_SECOND: "0" },
      lifetimeMs: LIFETIME_MS,
    });
    const writer = await Client.joined(server.ws, "Writer");
    for (let n = 1; n <= messages; n++) await writer.say(sentence(n));
    return new Site(server, await launchBrowser(), writer);
  }

  /** Signs a new person in, in a browser that has seen nothing of the page. */
  async newcomer(): Promise<Visitor> {
    const context = await this.#browser.newContext({ viewport: WINDOW });
    const response = await context.request.post(`${this.url}api/session`, {
      data: { name: `Reader ${crypto.randomUUID().slice(0, 8)}` },
    });
    if (!response.ok()) throw new Error(`Cannot sign in: ${await response.text()}`);
    return await Visitor.of(context, this.url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.writer[Symbol.asyncDispose]();
    await this.#browser.close();
    await this.#server[Symbol.asyncDispose]();
  }
}

/** Somebody who opens the page, and the browser's own instruments. */
export class Visitor implements AsyncDisposable {
  readonly page: Page;
  /** The browser's protocol for tools. */
  readonly tools: CDPSession;
  readonly #url: string;

  private constructor(page: Page, tools: CDPSession, url: string) {
    this.page = page;
    this.tools = tools;
    this.#url = url;
  }

  static async of(context: BrowserContext, url: string): Promise<Visitor> {
    const page = await context.newPage();
    await page.addInitScript(NOTE_USABLE);
    return new Visitor(page, await context.newCDPSession(page), url);
  }

  /** Opens the page with a processor so many times slower: the milliseconds until it could be used. */
  async load(slowDown: number): Promise<number> {
    await this.tools.send("Emulation.setCPUThrottlingRate", { rate: slowDown });
    await this.page.goto(this.#url);
    return await this.page.evaluate<number>("usable");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }
}

/** Promises the time since the navigation at which there is a field to write in, and the newest messages are shown. */
const NOTE_USABLE = `globalThis.usable = new Promise((resolve) => {
  const look = () => {
    const field = document.querySelector("#message");
    const usable = field?.checkVisibility() && !field.disabled &&
      document.querySelector("#log article") !== null;
    if (usable) resolve(performance.now());
    else requestAnimationFrame(look);
  };
  look();
})`;

/** A sentence as people write them, of 20 to 140 characters. */
export function sentence(n: number): string {
  const words = "the lantern walk begins at noon and nobody has found the key to the shed yet ";
  return `${n}: ${words.repeat(2).slice(0, 20 + n * 37 % 120).trim()}`;
}
