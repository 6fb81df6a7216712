import { assertEquals } from "@std/assert";
import { findParts, writePage } from "../../lib/http/release_page.ts";

const HTML = `<html>
  <head>
    <script src="/js/early.js"></script>
    <link rel="icon" href="/favicon.svg">
    <link rel="stylesheet" href="/css/tokens.css">
    <link rel="stylesheet" href="/css/base.css">
    <script type="module" src="/js/main.js"></script>
  </head>
  <body><a href="/jsx">x</a></body>
</html>
`;

Deno.test("findParts: finds the module that a page begins with, and its style sheets in their order", () => {
  assertEquals(findParts(HTML), {
    entry: "/js/main.js",
    styles: ["/css/tokens.css", "/css/base.css"],
  });
  assertEquals(findParts("<html></html>"), { entry: undefined, styles: [] });
});

Deno.test("writePage: scripts come from the release, and one style sheet in place of all", () => {
  assertEquals(
    writePage(HTML, "/@1", "/css/page.css"),
    `<html>
  <head>
    <script src="/@1/js/early.js"></script>
    <link rel="icon" href="/favicon.svg">
    <link rel="stylesheet" href="/@1/css/page.css">
    <script type="module" src="/@1/js/main.js"></script>
  </head>
  <body><a href="/jsx">x</a></body>
</html>
`,
  );
});

Deno.test("writePage: a page without scripts stays as it is", () => {
  const html = "<html>\n  </head>\n</html>";
  assertEquals(writePage(html, "/@1", "/css/page.css"), html);
});
