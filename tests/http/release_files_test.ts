import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { createReleaseFiles } from "../../lib/http/release_files.ts";

const STYLE = "body { margin: 0 }\n".repeat(50);
const PAGE =
  '<html>\n  <head>\n    <link rel="stylesheet" href="/css/app.css">\n    <script type="module" src="/js/main.js"></script>\n  </head>\n</html>\n';

/** A folder to serve, beside a file that must not be, for as long as the test runs. */
async function makeFolder(changes: Readonly<Record<string, string>> = {}) {
  const parent = await Deno.makeTempDir();
  const folder = `${parent}/static`;
  const files: Record<string, string> = {
    "index.html": PAGE,
    "favicon.svg": "<svg/>",
    "sw.js": "// the worker",
    "js/main.js": 'import { a } from "./a.js";\nimport("./late.js");\n',
    "js/a.js": "export const a = 1;",
    "js/late.js": "// why\nlate();",
    "css/app.css": STYLE,
    "icons/icon.png": "PNG",
    ".env": "SECRET",
    ".hidden/key.js": "SECRET",
    "../secret.js": "SECRET",
    ...changes,
  };
  for (const directory of ["js", "css", "icons", ".hidden"]) {
    await Deno.mkdir(`${folder}/${directory}`, { recursive: true });
  }
  for (const [path, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${path}`, text);
  }
  await Deno.symlink("../../secret.js", `${folder}/js/link.js`);
  const handler = await createReleaseFiles(folder);
  const get = (path: string, headers?: HeadersInit, method = "GET") =>
    handler(new Request(`http://host${path}`, { headers, method }));
  const { release, files: shell } = await (await get("/shell.json")).json();
  return {
    folder,
    get,
    release,
    shell,
    [Symbol.asyncDispose]: () => Deno.remove(parent, { recursive: true }),
  };
}

Deno.test("release: its page takes scripts from below its name, and browsers keep those for good", async () => {
  await using site = await makeFolder();
  assertMatch(site.release, /^[0-9a-f]{12}$/);
  const page = await site.get("/?room=den");
  assertEquals(page.headers.get("cache-control"), "no-cache");
  assertEquals(page.headers.get("content-type"), "text/html; charset=utf-8");
  const html = await page.text();
  assert(html.includes(`src="/@${site.release}/js/main.js"`), html);
  assert(html.includes(`href="/@${site.release}/css/page.css"`), html);

  const script = await site.get(`/@${site.release}/js/main.js`);
  const code = await script.text();
  for (const part of ["const a = 1;", 'import("./late.js");']) assert(code.includes(part), code);
  assertEquals(script.headers.get("content-type"), "text/javascript; charset=utf-8");
  assertEquals(script.headers.get("cache-control"), "public, max-age=31536000, immutable");
});

Deno.test("release: a file has a path without the name too, and is asked for each time there", async () => {
  await using site = await makeFolder();
  for (
    const [path, type] of [
      ["/js/main.js", "text/javascript; charset=utf-8"],
      ["/sw.js", "text/javascript; charset=utf-8"],
      ["/favicon.svg", "image/svg+xml; charset=utf-8"],
      ["/icons/icon.png", "image/png"],
      ["/index.html", "text/html; charset=utf-8"],
    ] as const
  ) {
    const { headers, status, body } = await site.get(path);
    await body?.cancel();
    assertEquals([status, headers.get("content-type")], [200, type], path);
    assertEquals(headers.get("cache-control"), "no-cache", path);
  }
});

Deno.test("release: the shell lists all that the page needs, the page last, and all of it is there", async () => {
  await using site = await makeFolder();
  const prefix = `/@${site.release}`;
  assertEquals(site.shell, [
    `${prefix}/js/late.js`,
    `${prefix}/js/main.js`,
    `${prefix}/css/page.css`,
    "/favicon.svg",
    "/icons/icon.png",
    "/",
  ]);
  for (const path of site.shell) {
    const response = await site.get(path);
    await response.body?.cancel();
    assertEquals(response.status, 200, path);
  }
});

Deno.test("release: one with another file has another name, and does not answer for the first", async () => {
  await using first = await makeFolder();
  await using same = await makeFolder();
  await using other = await makeFolder({ "js/a.js": "export const a = 2;" });
  assertEquals(same.release, first.release);
  assertNotEquals(other.release, first.release);
  const response = await other.get(`/@${first.release}/js/main.js`);
  assertEquals([response.status, (await response.json()).code], [404, "not_found"]);
});

Deno.test("release: it stays as it was read while its files are replaced", async () => {
  await using site = await makeFolder();
  await Deno.writeTextFile(`${site.folder}/js/late.js`, "later();");
  assertEquals(await (await site.get(`/@${site.release}/js/late.js`)).text(), "late();");
});

Deno.test("release: a page whose modules cannot be joined says so each time that it is asked for them", async () => {
  await using site = await makeFolder();
  await Deno.writeTextFile(`${site.folder}/js/a.js`, "export let a = 1;");
  const handler = await createReleaseFiles(site.folder);
  for (let time = 0; time < 2; time++) {
    const asking = () => handler(new Request("http://host/shell.json"));
    await assertRejects(asking, Error, "/js/a.js has an import or export that cannot be joined");
  }
});

const NOT_SERVED = [
  "/nothing.js",
  "/js",
  "/js/",
  "/.env",
  "/%2eenv",
  "/.hidden/key.js",
  "/js/link.js",
  "/js/%2e%2e/.env",
  "/js/..%2f..%2fsecret.js",
  "/@000000000000/js/main.js",
  "/%zz",
];
for (const path of NOT_SERVED) {
  Deno.test(`release: ${path} is not found`, async () => {
    await using site = await makeFolder();
    const response = await site.get(path);
    assertEquals([response.status, (await response.json()).code], [404, "not_found"]);
  });
}

Deno.test("release: what has no release in its path is not found below one", async () => {
  await using site = await makeFolder();
  for (const path of ["/", "/index.html", "/sw.js", "/favicon.svg", "/shell.json"]) {
    const { body, status } = await site.get(`/@${site.release}${path}`);
    await body?.cancel();
    assertEquals(status, 404, path);
  }
});

const ENCODINGS: readonly [name: string, accepted: string | undefined, encoding: string | null][] =
  [
    ["a browser", "gzip, deflate, br, zstd", "br"],
    ["a browser without HTTPS", "gzip, deflate", "gzip"],
    ["whoever takes anything", "*", "br"],
    ["whoever takes no Brotli", "br;q=0, *", "gzip"],
    ["whoever says nothing", undefined, null],
    ["whoever wants it as it is", "identity", null],
    ["whoever takes only what is not there", "zstd", null],
  ];
for (const [name, accepted, encoding] of ENCODINGS) {
  Deno.test(`release: ${name} gets a text ${encoding ? `in ${encoding}` : "as it is"}`, async () => {
    await using site = await makeFolder();
    const headers: HeadersInit = accepted === undefined ? {} : { "accept-encoding": accepted };
    const response = await site.get("/css/app.css", headers);
    const bytes = await response.bytes();
    assertEquals(response.headers.get("content-encoding"), encoding);
    assertEquals(response.headers.get("vary"), "Accept-Encoding");
    assertEquals(response.headers.get("content-length"), String(bytes.length));
    const decode = { br: brotliDecompressSync, gzip: gunzipSync }[encoding ?? ""];
    assertEquals(new TextDecoder().decode(decode ? decode(bytes) : bytes), STYLE);
    if (decode) assert(bytes.length < STYLE.length / 4);
  });
}

Deno.test("release: an image is sent as it is", async () => {
  await using site = await makeFolder();
  const response = await site.get("/icons/icon.png", { "accept-encoding": "br" });
  assertEquals(await response.text(), "PNG");
  assertEquals(response.headers.get("content-encoding"), null);
  assertEquals(response.headers.get("vary"), null);
});

Deno.test("release: each encoding of a file has its own tag, and whoever has it is told so", async () => {
  await using site = await makeFolder();
  const tags: (string | null)[] = [];
  for (const encoding of ["br", "gzip", "identity"]) {
    const headers = { "accept-encoding": encoding };
    const first = await site.get("/css/app.css", headers);
    await first.body?.cancel();
    const etag = first.headers.get("etag");
    assert(etag);
    tags.push(etag);
    const second = await site.get("/css/app.css", { ...headers, "if-none-match": etag });
    assertEquals([second.status, await second.text()], [304, ""]);
    assertEquals(second.headers.get("etag"), etag);
    assertEquals(second.headers.get("vary"), "Accept-Encoding");
    const other = await site.get("/css/app.css", { ...headers, "if-none-match": '"other"' });
    await other.body?.cancel();
    assertEquals(other.status, 200);
  }
  assertEquals(new Set(tags).size, 3);
});

Deno.test("release: HEAD tells what GET would send, and sends nothing", async () => {
  await using site = await makeFolder();
  const headers = { "accept-encoding": "br" };
  const get = await site.get("/css/app.css", headers);
  const { length } = await get.bytes();
  const head = await site.get("/css/app.css", headers, "HEAD");
  assertEquals(await head.text(), "");
  assertEquals(head.headers.get("content-length"), String(length));
  assertEquals(head.headers.get("content-encoding"), "br");
});

Deno.test("release: whoever asks for a part gets the whole, as RFC 9110 allows", async () => {
  await using site = await makeFolder();
  const response = await site.get("/css/app.css", { range: "bytes=0-3" });
  assertEquals([response.status, await response.text()], [200, STYLE]);
  assertEquals(response.headers.get("accept-ranges"), null);
});
