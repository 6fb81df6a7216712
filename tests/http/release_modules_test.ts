import { assert, assertEquals, assertThrows } from "@std/assert";
import { findModules, joinModules } from "../../lib/http/release_modules.ts";

type Files = Readonly<Record<string, string>>;

/** What `globalThis.seen` holds once the joined module has run. */
async function run(files: Files, entry = "/js/main.js"): Promise<unknown[]> {
  const seen: unknown[] = [];
  Object.assign(globalThis, { seen });
  const script = joinModules(entry, (path) => files[path]);
  await import(`data:text/javascript,${encodeURIComponent(script)}#${crypto.randomUUID()}`);
  return seen;
}

Deno.test("findModules: finds all that is imported at once, each once", () => {
  const files: Files = {
    "/js/main.js": [
      '/** @import { Type } from "./type.js" */',
      "/**",
      ' * @param {import("./other_type.js").Other} other',
      " */",
      'import { a } from "./a.js";',
      "import {",
      "  b,",
      '} from "./views/b.js";',
      'const late = () => import("./late.js");',
    ].join("\n"),
    "/js/a.js": 'import "./c.js";',
    "/js/views/b.js": 'import { a } from "../a.js";',
    "/js/c.js": "",
  };
  assertEquals([...findModules(["/js/main.js"], (path) => files[path])], [
    "/js/main.js",
    "/js/a.js",
    "/js/views/b.js",
    "/js/c.js",
  ]);
});

Deno.test("joinModules: modules run once each, after what they import, and keep their names to themselves", async () => {
  const seen = await run({
    "/js/main.js": [
      'import { a, count as counted } from "./a.js";',
      "import {",
      "  Shape,",
      "  shapes,",
      '} from "./views/shape.js";',
      'import whole, { part } from "./whole.js";',
      'import only from "./only.js";',
      "const count = 7;",
      "seen.push(a(), counted, count, new Shape().sides, shapes, whole, part, only);",
    ].join("\n"),
    "/js/a.js": [
      'import { shapes } from "./views/shape.js";',
      'seen.push("a");',
      "export const count = 1;",
      "export async function* unused() {}",
      "export function a() {",
      "  return [count, shapes];",
      "}",
    ].join("\n"),
    "/js/views/shape.js": [
      'seen.push("shape");',
      "const count = 3;",
      "export class Shape {",
      "  sides = count;",
      "}",
      "export const { shapes } = { shapes: 2 };",
    ].join("\n"),
    "/js/whole.js":
      'const kept = await Promise.resolve("kept");\nexport const part = 4;\nexport default kept;',
    "/js/only.js": "export default Object.freeze({ only: true });",
  });
  assertEquals(seen, ["shape", "a", [1, 2], 1, 7, 3, 2, "kept", 4, { only: true }]);
});

Deno.test("joinModules: what is imported later is sought where it was", () => {
  const files: Files = {
    "/js/main.js": 'import "./deep/a.js";\nimport("./late.js");',
    "/js/deep/a.js": 'import(`./${name}.js`);\nimport("../views/b.js");',
  };
  const script = joinModules("/js/main.js", (path) => files[path]);
  for (
    const later of ['import("./late.js")', "import(`./deep/${name}.js`)", 'import("./views/b.js")']
  ) {
    assert(script.includes(later), script);
  }
});

const REFUSED: readonly [name: string, files: Files, message: string][] = [
  [
    "modules that import each other",
    { "/a.js": 'import "./b.js";', "/b.js": 'import { a } from "./a.js";' },
    "Modules import each other: /a.js -> /b.js -> /a.js",
  ],
  [
    "a module that is not there",
    { "/a.js": 'import "./b.js";' },
    "/a.js imports /b.js, which is not there",
  ],
  ["an entry that is not there", {}, "The page imports /a.js, which is not there"],
  [
    "an import of another form",
    { "/a.js": 'import * as b from "./b.js";', "/b.js": "" },
    '/a.js has an import or export that cannot be joined with others: import * as b from "./b.js";',
  ],
  [
    "an export of another form",
    { "/a.js": "const a = 1;\nexport { a };" },
    "/a.js has an import or export that cannot be joined with others: export { a };",
  ],
  [
    "an export that may change",
    { "/a.js": "export let a = 1;" },
    "/a.js has an import or export that cannot be joined with others: export let a = 1;",
  ],
];
for (const [name, files, message] of REFUSED) {
  Deno.test(`joinModules: ${name} cannot be joined, and the error says where`, () => {
    assertThrows(() => joinModules("/a.js", (path) => files[path]), Error, message);
  });
}
