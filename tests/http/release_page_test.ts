import { assertEquals } from "@std/assert";
import { findModules, writePage } from "../../lib/http/release_page.ts";

const MODULES: Readonly<Record<string, string>> = {
  "/js/main.js": [
    '/** @import { Type } from "./type.js" */',
    "/**",
    ' * @param {import("./other_type.js").Other} other',
    " */",
    'import { a } from "./a.js";',
    "import {",
    "  b,",
    '} from "./views/b.js";',
    'import "./gone.js";',
    'const late = () => import("./late.js");',
  ].join("\n"),
  "/js/a.js": 'export { c } from "./c.js";',
  "/js/views/b.js": 'import { a } from "../a.js";\nimport "../main.js";',
  "/js/c.js": "",
  "/js/type.js": "",
  "/js/other_type.js": "",
  "/js/late.js": "",
};
const read = (path: string) => MODULES[path];

Deno.test("findModules: finds all that is imported at once, each once, the nearest first", () => {
  assertEquals(findModules("/js/main.js", read), [
    "/js/main.js",
    "/js/a.js",
    "/js/views/b.js",
    "/js/c.js",
  ]);
});

Deno.test("writePage: scripts and style sheets come from the release, and modules are asked for at once", () => {
  const html = [
    "<html>",
    "  <head>",
    '    <link rel="icon" href="/favicon.svg">',
    '    <link rel="stylesheet" href="/css/base.css">',
    '    <script type="module" src="/js/main.js"></script>',
    "  </head>",
    '  <body><a href="/jsx">x</a></body>',
    "</html>",
  ].join("\n");
  assertEquals(
    writePage(html, "/@1", read),
    [
      "<html>",
      "  <head>",
      '    <link rel="icon" href="/favicon.svg">',
      '    <link rel="stylesheet" href="/@1/css/base.css">',
      '    <script type="module" src="/@1/js/main.js"></script>',
      '    <link rel="modulepreload" href="/@1/js/a.js">',
      '    <link rel="modulepreload" href="/@1/js/views/b.js">',
      '    <link rel="modulepreload" href="/@1/js/c.js">',
      "  </head>",
      '  <body><a href="/jsx">x</a></body>',
      "</html>",
    ].join("\n"),
  );
});

Deno.test("writePage: a page without scripts stays as it is", () => {
  assertEquals(writePage("<html>\n  </head>\n</html>", "/@1", read), "<html>\n  </head>\n</html>");
});
