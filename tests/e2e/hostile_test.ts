import { assert, assertEquals } from "@std/assert";
import type { CDPSession } from "playwright-core";
import { DESKTOP, pageTest, PHONE } from "../helpers/browser.ts";
import { Client } from "../helpers/client.ts";
import type { Person } from "../helpers/person.ts";

/** How many messages try to do harm. */
const MANY = 500;
/** How many of them a page shows at first. */
const PAGE = 50;
/** How long a message may take to become a part of the page, in milliseconds: half of what people notice. */
const MAX_RENDER_MS = 50;

/** What would run or be fetched if any of it became more than text. */
const HARM = "globalThis.harmed=1";
const PIECES: readonly string[] = [
  `<script>${HARM}</script>`,
  `<img src="/harm.png" onerror="${HARM}">`,
  `<svg><animate onbegin="${HARM}" attributeName="x"/></svg>`,
  `<iframe srcdoc="<script>parent.${HARM}</script>">`,
  `<style>*{display:none}</style></p></article>`,
  `<a href="javascript:${HARM}">a</a>`,
  `[a](javascript:${HARM})`,
  `[a](JaVaScRiPt:${HARM})`,
  `[a](java\tscript:${HARM})`,
  `[a](\u0001javascript:${HARM})`,
  `[a](&#106;avascript:${HARM})`,
  `[a](data:text/html,<script>${HARM}</script>)`,
  `[a](vbscript:harm)`,
  `[a](blob:null/x) [b](file:///etc/passwd) [c](//harm.example/x)`,
  `![a](/harm.png)`,
  `[a](https://harm.example/"onclick="${HARM})`,
  `[https://bank.example](https://harm.example)`,
  `https://harm.example/<b>"onmouseover=${HARM}`,
  `https://user:pass@harm.example:99999/`,
  `javascript:${HARM}//https://a.example/`,
  "${" + HARM + "} {{harm}} %3Cscript%3E &lt;b&gt;",
  "**a *b _c ~~d `e [f](https://a.example) `d~~ c_ b* a**",
  "> > > > > > > > a",
  "- - - - - - - a",
  "```html\n<script>" + HARM + "</script>\n```",
  "\u202E\u2067\u2066\u202D\u202Egnp.exe \u05E9\u05DC\u05D5\u05DD",
  "\u200B\u200C\u200D\u2060\uFEFF\u00AD",
  "W".repeat(300),
  "a" + "\u0301\u0316\u0335".repeat(60),
  "👩‍👩‍👧‍👦".repeat(20),
  "@Alice @everyone @<b>Alice</b>",
  ":tada: :<script>:",
  "\u2028\u2029\u0085\u000B\u000C\u0000",
  "__proto__ constructor toString",
  "|".repeat(200),
  "﷽𒐫꧅".repeat(20),
];

/** The payloads: each piece alone, then pieces put together and into one another, the same in every run. */
function payloads(): string[] {
  let state = 1;
  const any = (size: number) => {
    state = Math.imul(state, 48_271) & 0x7fffffff;
    return state % size;
  };
  const piece = () => PIECES[any(PIECES.length)]!;
  const wraps: readonly ((text: string) => string)[] = [
    (text) => text + piece(),
    (text) => `${text}\n${piece()}`,
    (text) => `**${text}**`,
    (text) => `> ${text.replaceAll("\n", "\n> ")}`,
    (text) => `- ${text}`,
    (text) => `[${text}](https://a.example/${encodeURIComponent(text)})`,
    (text) => `\`${text}\``,
    (text) => `~~_${text}_~~`,
  ];
  return Array.from({ length: MANY }, (_, index) => {
    let text = PIECES[index] ?? piece();
    if (index < PIECES.length) return text;
    for (let wrapped = any(5); wrapped >= 0; wrapped--) text = wraps[any(wraps.length)]!(text);
    return [...text].slice(0, 2_000).join("");
  });
}

/** What is long, deep or slow to lay out: each as long as a message may be, or ten times as long. */
const BAITS: Readonly<Record<string, (size: number) => string>> = {
  "marks on one letter": (size) => "a" + "\u0301\u0316\u0335\u0489".repeat(size / 4).slice(1),
  "emoji": (size) => "😀".repeat(size),
  "families": (size) => "👩‍👩‍👧‍👦".repeat(size / 7),
  "one word": (size) => "W".repeat(size),
  "directions": (size) => "\u202E\u2067a\u05D0".repeat(size / 4),
  "nothing to see": (size) => "\u200B".repeat(size - 1) + "a",
  "lines": (size) => "a\n".repeat(size / 2),
  "delimiters": (size) => "*a _b ~~c ".repeat(size / 10),
  "spans": (size) => "*a* ".repeat(size / 4),
  "code": (size) => "`a` ".repeat(size / 4),
  "spans within one another": (size) => "*a _b ".repeat(size / 12) + "b_ a* ".repeat(size / 12),
  "brackets": (size) => "[a](".repeat(size / 4),
  "links": (size) => "[a](https://x.y) ".repeat(size / 17),
  "dots": (size) => "https://" + ".".repeat(size - 9) + "a",
  "quotes": (size) => "> ".repeat(size / 2),
  "quoted lines": (size) => "> a\n\n".repeat(size / 5),
  "lists": (size) => "- a\n".repeat(size / 4),
  "fences": (size) => "```\na\n```\n".repeat(size / 10),
  "mentions": (size) => "@Alice ".repeat(size / 7),
};

pageTest(
  "of 500 hostile messages nothing runs, and none breaks the page",
  async ({ open, server }) => {
    const alice = await open("/?user=Alice", { apart: true });
    await alice.linkIs("Connected");
    const harms: string[] = [];
    alice.page.on("dialog", (dialog) => {
      harms.push(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    alice.page.on("popup", (page) => harms.push(`window: ${page.url()}`));
    alice.page.on("request", (request) => {
      const url = new URL(request.url());
      const own = url.origin === server.url && !url.pathname.includes("harm");
      if (!own) harms.push(`request: ${request.url()}`);
    });

    await using mallory = await Client.joined(server.ws, "Mallory");
    const said = payloads();
    assertEquals(said.length, MANY);
    for (let from = 0; from < said.length; from += PAGE) {
      const turn = said.slice(from, from + PAGE);
      for (const text of turn) await mallory.say(text);
      await mallory.say(`end of ${from}`);
      await alice.sees("Mallory", `end of ${from}`);
      for (const window of [DESKTOP, PHONE]) {
        await alice.page.setViewportSize(window.viewport);
        await fits(alice);
      }
    }
    assertEquals(harms, []);
    assertEquals(await alice.page.evaluate("globalThis.harmed"), undefined);
    const links: { href: string; rel: string }[] = await alice.log.locator(".text a").evaluateAll(
      (anchors) => anchors.map(({ href, rel }) => ({ href, rel })),
    );
    assert(links.length > 0, "some links are harmless");
    for (const { href, rel } of links) {
      assert(/^(https?:\/\/[^/]|mailto:)/.test(href), `${href} must lead to the web or to mail`);
      assert(rel.includes("noopener"), `${href} must not hand the page over`);
    }
    const strange = await alice.log.locator(
      ".text :not(p, span, strong, em, s, code, pre, a, ul, ol, li, blockquote)",
    ).count();
    assertEquals(strange, 0, "a text makes no other elements than those of its formats");
  },
  { PARLEY_MESSAGES_PER_SECOND: "0" },
);

for (const size of [2_000, 20_000]) {
  pageTest(
    `no message of ${size} characters takes the page more than 50 ms, or leaves its place`,
    async ({ open, server }) => {
      const alice = await open("/?user=Alice", { apart: true });
      await alice.linkIs("Connected");
      await using mallory = await Client.joined(server.ws, "Mallory");
      const slow: string[] = [];
      for (const [name, bait] of Object.entries(BAITS)) {
        const text = [...bait(size)].slice(0, size).join("");
        const ms = await renders(alice, text);
        if (ms > MAX_RENDER_MS) slow.push(`${name}: ${ms.toFixed(0)} ms`);
        await mallory.say(text);
        await mallory.say(`after ${name}`);
        await alice.sees("Mallory", `after ${name}`);
        for (const window of [PHONE, DESKTOP]) {
          await alice.page.setViewportSize(window.viewport);
          await fits(alice);
        }
      }
      assertEquals(slow, []);
    },
    {
      PARLEY_MESSAGES_PER_SECOND: "0",
      PARLEY_MAX_MESSAGE_CHARS: `${size}`,
      PARLEY_MAX_FRAME_BYTES: "262144",
    },
  );
}

/**
 * Checks that nothing of the page is wider than the window, and that no message reaches out of its own place. It waits
 * for a frame, as people do: a log that is narrow, wide and narrow again between two of them has lost its end.
 */
async function fits({ page }: Person): Promise<void> {
  const faults: string[] = await page.evaluate(`(async () => {
    await new Promise(requestAnimationFrame);
    const log = document.getElementById("log");
    const faults = [];
    if (document.scrollingElement.scrollWidth > innerWidth) faults.push("the page is too wide");
    if (log.scrollWidth > log.clientWidth) faults.push("the log is too wide");
    for (const text of log.querySelectorAll(".text")) {
      if (getComputedStyle(text).overflow !== "clip") faults.push("a text is not clipped");
    }
    return faults;
  })()`);
  assertEquals(faults, []);
}

/**
 * How much of its processor the page takes to make a message and lay it out, in milliseconds: the least of three, as
 * the compiler adds to the first.
 */
async function renders({ page }: Person, text: string): Promise<number> {
  const browser = await page.context().newCDPSession(page);
  await browser.send("Performance.enable", { timeDomain: "threadTicks" });
  const taken: number[] = [];
  for (let run = 0; run < 3; run++) {
    const before = await busy(browser);
    await page.evaluate(render, text);
    taken.push(await busy(browser) - before);
  }
  await browser.detach();
  return Math.min(...taken);
}

/** Makes a message at the end of the log, in the page. */
async function render(text: string): Promise<void> {
  const { document } = globalThis as unknown as {
    document: { getElementById(id: string): { append(element: unknown): void } };
  };
  const [{ MessageView }, { Names }] = await Promise.all([
    import("/js/views/message.js"),
    import("/js/markup/names.js"),
  ]);
  const times = { time: String, shortTime: String, full: String };
  const known = { names: new Names(["Bob"], "Alice"), nameOf: () => undefined };
  const message = { user_id: "m", username: "Mallory", text, time: 0 };
  const row = { kind: "message", key: "probe", id: "probe", lead: true, state: "sent", message };
  const { element } = new MessageView(row, times, { known });
  document.getElementById("log").append(element);
  element.getBoundingClientRect();
  element.remove();
}

/** For how long the page has been at work, in milliseconds of its processor. */
async function busy(browser: CDPSession): Promise<number> {
  const { metrics } = await browser.send("Performance.getMetrics");
  return 1_000 * metrics.find(({ name }) => name === "TaskDuration")!.value;
}
