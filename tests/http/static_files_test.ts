import { assert, assertEquals, assertMatch } from "@std/assert";
import { createStaticFiles } from "../../lib/http/static_files.ts";

/** A folder to serve, beside a file that must not be, for as long as the test runs. */
async function makeFolder() {
  const parent = await Deno.makeTempDir();
  const folder = `${parent}/static`;
  await Deno.mkdir(`${folder}/js`, { recursive: true });
  await Deno.mkdir(`${folder}/.hidden`);
  const files: Record<string, string> = {
    "index.html": "<!doctype html>",
    "favicon.svg": "<svg/>",
    "js/main.js": "export {};",
    "js/a b.js": "",
    "app.css": "body {}",
    "app.webmanifest": "{}",
    "icon.png": "PNG",
    ".env": "SECRET",
    ".hidden/key.js": "SECRET",
    "../secret.js": "SECRET",
    "../static-two.js": "SECRET",
  };
  for (const [path, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${path}`, text);
  }
  await Deno.symlink("../secret.js", `${folder}/link.js`);
  await Deno.symlink("../static-two.js", `${folder}/sibling.js`);
  await Deno.symlink("..", `${folder}/up`);
  await Deno.symlink("js/main.js", `${folder}/inner.js`);
  await Deno.symlink("loop", `${folder}/loop`);
  return {
    folder,
    get: (path: string, headers?: HeadersInit) =>
      createStaticFiles(folder)(new Request(`http://host${path}`, { headers })),
    [Symbol.asyncDispose]: () => Deno.remove(parent, { recursive: true }),
  };
}

const SERVED: readonly [name: string, path: string, type: string, body: string][] = [
  ["the page is at the root", "/", "text/html; charset=utf-8", "<!doctype html>"],
  [
    "the query of the page does not matter",
    "/?user=a",
    "text/html; charset=utf-8",
    "<!doctype html>",
  ],
  ["the page has a name too", "/index.html", "text/html; charset=utf-8", "<!doctype html>"],
  ["a script has its type", "/js/main.js", "text/javascript; charset=utf-8", "export {};"],
  ["a style sheet has its type", "/app.css", "text/css; charset=utf-8", "body {}"],
  ["a drawing has its type", "/favicon.svg", "image/svg+xml; charset=utf-8", "<svg/>"],
  ["a manifest has its type", "/app.webmanifest", "application/manifest+json; charset=utf-8", "{}"],
  ["an image has its type", "/icon.png", "image/png", "PNG"],
  ["a name is decoded", "/js/a%20b.js", "text/javascript; charset=utf-8", ""],
  [
    "a link within the folder is followed",
    "/inner.js",
    "text/javascript; charset=utf-8",
    "export {};",
  ],
];

for (const [name, path, type, body] of SERVED) {
  Deno.test(`static files: ${name}`, async () => {
    await using folder = await makeFolder();
    const response = await folder.get(path);
    assertEquals([response.status, await response.text()], [200, body]);
    assertEquals(response.headers.get("content-type"), type);
    assertEquals(response.headers.get("cache-control"), "no-cache");
  });
}

const NOT_SERVED: readonly [name: string, path: string][] = [
  ["a missing file", "/nothing.js"],
  ["a folder", "/js"],
  ["a folder with a slash", "/js/"],
  ["a file with a slash", "/app.css/"],
  ["a file below a file", "/app.css/x"],
  ["an empty segment", "//app.css"],
  ["an encoded slash up", "/js/..%2f..%2fsecret.js"],
  ["an encoded slash within", "/js%2fmain.js"],
  ["an encoded backslash", "/js%5cmain.js"],
  ["a twice encoded dot", "/%252e%252e/secret.js"],
  ["an encoded path from the root", "/%2fetc%2fpasswd"],
  ["a NUL", "/app.css%00.png"],
  ["a broken percent sign", "/%zz"],
  ["a hidden file", "/.env"],
  ["an encoded hidden file", "/%2eenv"],
  ["a file of a hidden folder", "/.hidden/key.js"],
  ["a link out of the folder", "/link.js"],
  ["a link to a neighbour whose path begins alike", "/sibling.js"],
  ["a file through a link out of the folder", "/up/secret.js"],
  ["a link to itself", "/loop"],
  ["a name too long", `/${"a".repeat(5000)}`],
];

for (const [name, path] of NOT_SERVED) {
  Deno.test(`static files: ${name} is not found`, async () => {
    await using folder = await makeFolder();
    const response = await folder.get(path);
    const { code } = await response.json();
    assertEquals([response.status, code], [404, "not_found"]);
  });
}

Deno.test("static files: a browser that has a file is told so, until it changes", async () => {
  await using folder = await makeFolder();
  const first = await folder.get("/app.css");
  const etag = first.headers.get("etag");
  assert(etag);
  await first.text();

  const second = await folder.get("/app.css", { "if-none-match": etag });
  assertEquals([second.status, await second.text()], [304, ""]);
  assertEquals(second.headers.get("cache-control"), "no-cache");

  await Deno.writeTextFile(`${folder.folder}/app.css`, "body { margin: 0 }");
  const third = await folder.get("/app.css", { "if-none-match": etag });
  assertEquals([third.status, await third.text()], [200, "body { margin: 0 }"]);
});

// A Request normalises its URL, and a peer does not: these go over a socket as they are.
const RAW_TARGETS = [
  "/../secret.js",
  "/js/../../secret.js",
  "/%2e%2e/secret.js",
  "/.%2e/secret.js",
  "/..%5csecret.js",
  "/..\\secret.js",
  "//../secret.js",
  "http://host/../secret.js",
  "/js/main.js/../../../secret.js",
];

for (const target of RAW_TARGETS) {
  Deno.test(`static files: the raw target ${target} leads nowhere`, async () => {
    await using folder = await makeFolder();
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      createStaticFiles(folder.folder),
    );
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.addr.port });
    const request = `GET ${target} HTTP/1.1\r\nHost: host\r\nConnection: close\r\n\r\n`;
    await connection.write(new TextEncoder().encode(request));
    const answer = (await Array.fromAsync(connection.readable.pipeThrough(new TextDecoderStream())))
      .join("");
    assertMatch(answer, /^HTTP\/1.1 40[04] /);
    assert(!answer.includes("SECRET"));
  });
}
