import { assert, assertEquals } from "@std/assert";
import { complete, type Strings, t } from "../../static/js/strings.js";
import { LANGUAGES } from "../../static/js/strings/languages.js";
import { createGrammar, localeOf, type Part } from "../../static/js/strings/grammar.js";

const STATIC = new URL("../../static/", import.meta.url);
const texts = new Map<string, Strings>();
for (const language of Object.keys(LANGUAGES)) {
  const module = await import(new URL(`js/strings/${language}.js`, STATIC).href);
  texts.set(language, module.default);
}

/** A text with its path, such as `rooms.title`. */
function* entriesOf(strings: Strings): Generator<[path: string, text: unknown]> {
  for (const [group, entries] of Object.entries(strings)) {
    for (const [key, text] of Object.entries(entries)) yield [`${group}.${key}`, text];
  }
}

/** The templates of a text: one for each plural category, one for a sentence, or the text itself. */
function templatesOf(text: unknown): readonly string[] {
  if (typeof text === "string") return [text];
  if (typeof text !== "function") return [];
  if ("forms" in text) return Object.values(text.forms as Record<string, string>);
  return "template" in text ? [String(text.template)] : [];
}

for (const [language, strings] of texts) {
  Deno.test(`${language} says what English says, and nothing else`, () => {
    const kinds = (of: Strings) =>
      [...entriesOf(of)].map(([path, text]) => `${path}: ${typeof text}`);
    assertEquals(kinds(strings).sort(), kinds(texts.get("en")!).sort());
  });

  Deno.test(`${language} has a text for each of its plural categories`, () => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [path, text] of entriesOf(strings)) {
      if (typeof text !== "function" || !("forms" in text)) continue;
      assertEquals(Object.keys(text.forms!).sort(), [...categories].sort(), path);
    }
  });

  Deno.test(`${language} leaves no text empty, and no place of one out`, () => {
    const english = new Map(entriesOf(texts.get("en")!));
    for (const [path, text] of entriesOf(strings)) {
      const places = (template: string) => template.match(/\{\w+\}/g)?.sort() ?? [];
      const [first = ""] = templatesOf(english.get(path));
      for (const template of templatesOf(text)) {
        assert(template.trim() !== "", path);
        assertEquals(places(template), places(first), path);
      }
    }
  });
}

Deno.test("the page begins in one of the languages, and no other", async () => {
  const early = await Deno.readTextFile(new URL("js/early.js", STATIC));
  const [, listed] = /LANGUAGES = (\[.*\])/.exec(early) ?? [];
  assertEquals(JSON.parse(listed!), Object.keys(LANGUAGES));
});

Deno.test("a text that a language does not have is the English one", () => {
  const strings = complete({ rooms: { title: "Räume" } });
  assertEquals(strings.rooms.title, "Räume");
  assertEquals(strings.rooms.signOut, t.rooms.signOut);
  assertEquals(strings.link, t.link);
});

Deno.test("the person's own variety of a language is the first that their browser names", () => {
  assertEquals(localeOf("es", ["en-US", "es-MX", "es-ES"]), "es-MX");
  assertEquals(localeOf("ar", ["de-DE"]), "ar");
});

Deno.test("the words of a sentence stand in the order of its language, names apart from them", () => {
  const { about, phrase } = createGrammar("en");
  const names: Part[] = [{ name: true, text: "Ann" }];
  const here = about({ one: "Here is {people}.", other: "Here are {people}." });
  assertEquals(here(names, 1), [
    { name: false, text: "Here is " },
    { name: true, text: "Ann" },
    { name: false, text: "." },
  ]);
  assertEquals(phrase("{b}{a}")({ a: names, b: [] }), names);
});

Deno.test("what the page's own elements name is a text", async () => {
  const html = await Deno.readTextFile(new URL("index.html", STATIC));
  const paths = [...html.matchAll(/data-(?:text|label|title|placeholder)="([^"]+)"/g)]
    .map(([, path]) => path!);
  const known = new Map(entriesOf(texts.get("en")!));
  assert(paths.length > 20);
  for (const path of paths) assertEquals(typeof known.get(path), "string", path);
});

Deno.test("what is written in the page for its first moments is what English says", async () => {
  const html = await Deno.readTextFile(new URL("index.html", STATIC));
  const known = new Map(entriesOf(texts.get("en")!));
  const written = [
    ...html.matchAll(/data-text="([^"]+)"[^>]*>([^<]*)</g),
    ...html.matchAll(/data-label="([^"]+)"/g).map(([whole, path]) => [whole, path!, undefined]),
  ];
  for (const [, path, text] of written) {
    if (text !== undefined) assertEquals(text.trim(), known.get(path!), path);
    else assert(html.includes(`aria-label="${known.get(path!)}"`), path);
  }
});

Deno.test("no text for people stands outside of the languages", async () => {
  const found: string[] = [];
  for (const file of await listScripts("js/")) {
    if (file.startsWith("js/strings/") || OF_DEVELOPERS.test(file)) continue;
    const script = await Deno.readTextFile(new URL(file, STATIC));
    for (const [index, line] of script.split("\n").entries()) {
      if (/^\s*(?:\/?\*|\/\/|import |throw new TypeError)/.test(line)) continue;
      for (const [, text = ""] of line.matchAll(/["`]([^"`]*)["`]/g)) {
        if (isForPeople(text, line)) found.push(`${file}:${index + 1}: ${text}`);
      }
    }
  }
  assertEquals(found, []);
});

/** What stands on keys. */
const KEYCAPS = new Set(["Ctrl", "Alt", "Shift", "Enter", "Escape", "Home", "End"]);

/** Whose texts no person sees: the table of emoji, which is searched, and what a failing database says. */
const OF_DEVELOPERS = /emoji_table\.js$|store\/database\.js$/;

/** Whether a literal looks like words: it begins with a capital letter and is no name of the platform, or has several words. */
function isForPeople(text: string, line: string): boolean {
  if (KEYCAPS.has(text)) return false;
  if (/^(?:Bearer |Cannot |Parley$|px$)/.test(text.replaceAll(/\$\{[^}]*\}/g, ""))) return false;
  if (/\.key\b|key ===|key:|case "|\bkey\b.*\[|: at |HTMLElement|=== "|in globalThis/.test(line)) {
    return false;
  }
  return /^[A-Z][a-z]+(?:$|[ .,…!?])/.test(text) || /^[a-z]+ [a-z]+ [a-z]+[ .,…!?]/.test(text);
}

async function listScripts(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, STATIC))) {
    if (isDirectory) files.push(...await listScripts(`${folder}${name}/`));
    else if (name.endsWith(".js")) files.push(folder + name);
  }
  return files;
}
