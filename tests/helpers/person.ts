import type { Locator, Page } from "playwright-core";
import { assertEquals } from "@std/assert";

/** How long a test waits for what should come to a page, in milliseconds: machines that build are busy ones. */
export const PATIENCE_MS = 10_000;
/** How much of either end of a page is shown when a test fails, in UTF-16 units. */
const SIGHT = 1_500;
/** How often it looks, in milliseconds. */
const LOOK_MS = 50;

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
  readonly rooms: Locator;
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
    this.rooms = page.getByRole("navigation", { name: "Rooms", exact: true });
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
        const blocks = [...article.querySelector(".text").children];
        return `${author}: ${blocks.map(({ textContent }) => textContent).join("\n")}`;
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

  /** What there is to see, in words: the beginning of it and the end. */
  async sight(): Promise<string> {
    const body = this.page.locator("body");
    const seen = await body.ariaSnapshot({ timeout: 1_000 }).catch(String);
    const cut = seen.length > 2 * SIGHT
      ? `${seen.slice(0, SIGHT)}\n…\n${seen.slice(-SIGHT)}`
      : seen;
    return `${this.page.url()} with ${this.sockets.length} sockets, ${this.faults}:\n${cut}`;
  }

  /** The link of a room in the navigation. */
  room(name: string): Locator {
    return this.rooms.getByRole("link", { name: new RegExp(`^${RegExp.escape(name)}\\b`) });
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
