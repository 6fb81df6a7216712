import { assert, assertEquals } from "@std/assert";
import { withoutComments } from "../../lib/http/release_script.ts";

const CASES: readonly [name: string, script: string, expected: string][] = [
  ["a line of a comment goes", "a();\n  // why\nb();", "a();\nb();"],
  ["a block goes, with all of its lines", "/**\n * What `it`\n * is.\n */\na();", "a();"],
  ["a block of one line goes", "  /** @type {A} */\n  a;", "  a;"],
  ["an empty line goes", "a();\n\n  \nb();\n", "a();\nb();\n"],
  ["a comment at the end goes", "a();\n// why", "a();\n"],
  ["a comment behind code stays", "a(); // why", "a(); // why"],
  ["a comment before code stays", "/** @type {A} */ (a);", "/** @type {A} */ (a);"],
  [
    "a comment before code does not reach for the end of the next one",
    "/** @type {A} */ (a);\nb();\n/** c */\nc();",
    "/** @type {A} */ (a);\nb();\nc();",
  ],
  ["what looks like one in a text stays", 'a("// no", `/* no */`);', 'a("// no", `/* no */`);'],
  [
    "a script with a text of several lines stays as it is",
    "// why\na(`\n// no\n`);",
    "// why\na(`\n// no\n`);",
  ],
  ["a text of one line is no text of several", "// `\na(`b`);", "a(`b`);"],
];
for (const [name, script, expected] of CASES) {
  Deno.test(`withoutComments: ${name}`, () => assertEquals(withoutComments(script), expected));
}

Deno.test("withoutComments: the scripts of the page get shorter, and what is left of them is theirs", async () => {
  let before = 0;
  let after = 0;
  for await (const [path, script] of scripts(new URL("../../static/js/", import.meta.url))) {
    const left = withoutComments(script);
    before += script.length;
    after += left.length;
    if (left === script) continue;
    const code = script.split("\n").filter((line, at, lines) =>
      /^\s*[^\s/*]/.test(line) && !isInBlock(lines, at)
    );
    const begun = left.split("\n").filter((line) => /^\s*[^\s/*]/.test(line));
    assertEquals(begun, code, path);
  }
  assert(after < before * 0.75, `${before} characters became ${after}`);
});

/** Whether a line is within a comment of several lines. */
function isInBlock(lines: readonly string[], index: number): boolean {
  const opening = lines.findLastIndex((line, at) =>
    at < index && line.trimStart().startsWith("/*")
  );
  return opening >= 0 && !lines.slice(opening, index).some((line) => line.includes("*/"));
}

async function* scripts(folder: URL): AsyncGenerator<[string, string]> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) yield* scripts(url);
    else yield [url.pathname, await Deno.readTextFile(url)];
  }
}
