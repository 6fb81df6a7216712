import { assertEquals } from "@std/assert";

// By a name that the type checker does not follow: the module is one for browsers.
const { readChosen } = await import(
  new URL("../../static/js/store/preferences.js", import.meta.url).href
);

const NOTHING = { theme: "system", density: "comfortable", language: "automatic" };

const KEPT: readonly [name: string, kept: string | null, expected: typeof NOTHING][] = [
  ["nothing was kept", null, NOTHING],
  ["what was kept is no JSON", "{theme", NOTHING],
  ["what was kept is no object", '"dark"', NOTHING],
  ["a choice is none", '{"theme":"pink","density":7,"language":"xx"}', NOTHING],
  ["something is chosen", '{"theme":"dark"}', { ...NOTHING, theme: "dark" }],
  ["all is chosen", '{"theme":"light","density":"compact","language":"ar"}', {
    theme: "light",
    density: "compact",
    language: "ar",
  }],
];

for (const [name, kept, expected] of KEPT) {
  Deno.test(`preferences: ${name}`, () => assertEquals(readChosen(kept), expected));
}
