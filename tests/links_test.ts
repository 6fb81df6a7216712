// What the project relies on in the JSR packages that links/ stands in for. The real packages pass it too.
import * as assertions from "@std/assert";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { deleteCookie, getCookies, setCookie } from "@std/http/cookie";
import { eTag, ifMatch, ifNoneMatch } from "@std/http/etag";
import { serveDir, serveFile } from "@std/http/file-server";
import { accepts, acceptsEncodings } from "@std/http/negotiation";
import { STATUS_CODE, STATUS_TEXT } from "@std/http/status";
import { FakeTime, TimeError } from "@std/testing/time";
import { decodeTime, monotonicUlid, ulid } from "@std/ulid";

class Point {
  constructor(readonly x: number) {}
}
const bare = Object.assign(Object.create(null), { a: 1 });
const circle = () => {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value;
};

const SAME: [unknown, unknown][] = [
  [0, -0],
  [NaN, NaN],
  [{ a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1 }],
  [bare, { a: 1 }],
  [new Point(1), new Point(1)],
  [new Date(5), new Date(5)],
  [/a/g, /a/g],
  [new URL("http://a/b"), new URL("http://a/b")],
  [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
  [new Uint8Array([1]).buffer, new Uint8Array([1]).buffer],
  [new Set([1, { a: 1 }]), new Set([{ a: 1 }, 1])],
  [new Map([[{ a: 1 }, "x"]]), new Map([[{ a: 1 }, "x"]])],
  [circle(), circle()],
];
const DIFFERENT: [unknown, unknown][] = [
  [1, "1"],
  [null, undefined],
  [{ a: undefined }, {}],
  [{ a: undefined }, { b: undefined }],
  [[undefined], new Array(1)],
  [[1, 2], [1, 2, 3]],
  [[1], { 0: 1 }],
  [{ x: 1 }, new Point(1)],
  [{ [Symbol.iterator]: 1 }, { [Symbol.iterator]: 2 }],
  [new Date(5), new Date(6)],
  [new Date(NaN), new Date(5)],
  [/a/g, /a/i],
  [new Uint8Array([1]), new Uint8Array([2])],
  [new Uint8Array([1]), new Uint16Array([1])],
  [new Set([{ a: 1 }]), new Set([{ a: 2 }])],
  [new Map([[1, undefined]]), new Map([[2, undefined]])],
  [() => 1, () => 1],
];

Deno.test("assertEquals compares all the way down", () => {
  for (const [a, b] of SAME) {
    assertions.assertEquals(a, b);
    fails(() => assertions.assertNotEquals(a, b), "not to be");
  }
  for (const [a, b] of DIFFERENT) {
    assertions.assertNotEquals(a, b);
    fails(() => assertions.assertEquals(a, b, "why"), "Values are not equal: why");
  }
  assertThrows(() => assertions.equal(new WeakSet(), new WeakSet()), TypeError);
});

const { assertObjectMatch: matches, assertAlmostEquals: almost } = assertions;
const boom = () => {
  throw new RangeError("a small boom");
};

Deno.test("each assertion lets the good pass", async () => {
  assertions.assert(1);
  assertions.assertFalse("");
  assertions.assertStrictEquals(NaN, NaN);
  assertions.assertExists(0);
  assertions.assertInstanceOf(new Point(1), Point);
  assertions.assertStringIncludes("abc", "b");
  assertions.assertMatch("abc", /b/);
  assertions.assertNotMatch("abc", /d/);
  assertions.assertArrayIncludes([1, { a: 1 }, 3], [{ a: 1 }, 1]);
  matches({ a: 1, b: { c: [1, { d: 2, e: 3 }, 4] } }, { b: { c: [1, { d: 2 }] } });
  matches({ p: new Point(1), s: new Set([1, 2]) }, { p: { x: 1 }, s: new Set([2]) });
  matches({ m: new Map([["k", { a: 1, b: 2 }], ["l", { a: 1, b: 2 }]]), d: new Date(1) }, {
    m: new Map([["k", { a: 1 }]]),
    d: new Date(1),
  });
  matches(circle(), circle());
  almost(0.1 + 0.2, 0.3);
  almost(10, 11, 1);
  assertions.assertGreater(2, 1);
  assertions.assertGreaterOrEqual(2, 2);
  assertions.assertLess("a", "b");
  assertions.assertLessOrEqual(1n, 1n);
  const error = assertions.assertThrows(boom, RangeError, "small");
  assertions.assertStrictEquals(error.message, "a small boom");
  assertions.assertStrictEquals(assertions.assertThrows(() => thrown("text"), "why"), "text");
  assertions.assertInstanceOf(
    await assertions.assertRejects(() => rejected(boom), Error),
    RangeError,
  );
  assertions.assertStrictEquals(await assertions.assertRejects(() => Promise.reject(1)), 1);
});

const BAD: [string, () => void, string][] = [
  ["assert", () => assertions.assert(0, "why"), "why"],
  ["assertFalse", () => assertions.assertFalse("no", "why"), "why"],
  ["fail", () => assertions.fail("why"), "Failed assertion: why"],
  ["assertStrictEquals", () => assertions.assertStrictEquals([], []), ""],
  ["assertStrictEquals of zeros", () => assertions.assertStrictEquals(0, -0), "not strictly equal"],
  ["assertExists", () => assertions.assertExists(null), "null"],
  ["assertInstanceOf", () => assertions.assertInstanceOf({}, Point), `"Point" but was "Object"`],
  ["assertStringIncludes", () => assertions.assertStringIncludes("abc", "d"), "to contain"],
  ["assertMatch", () => assertions.assertMatch("abc", /d/), "to match"],
  ["assertNotMatch", () => assertions.assertNotMatch("abc", /b/), "to not match"],
  ["assertArrayIncludes", () => assertions.assertArrayIncludes([{ a: 1 }], [{}]), "missing"],
  ["assertObjectMatch of a value", () => matches({ a: 1 }, { a: 2 }), "not equal"],
  ["assertObjectMatch of a key", () => matches({ a: 1 }, { a: 1, b: undefined }), "not equal"],
  ["assertObjectMatch of a short list", () => matches({ a: [1] }, { a: [1, 2] }), "not equal"],
  ["assertObjectMatch of a date", () => matches({ a: new Date(1) }, { a: new Date(2) }), ""],
  ["assertAlmostEquals", () => almost(1, 1.1), "to be close to"],
  ["assertGreater", () => assertions.assertGreater(1, 1), "1 > 1"],
  ["assertGreaterOrEqual", () => assertions.assertGreaterOrEqual(1, 2), "1 >= 2"],
  ["assertLess", () => assertions.assertLess(NaN, 1), "NaN < 1"],
  ["assertLessOrEqual", () => assertions.assertLessOrEqual(2, 1, "why"), "why"],
  ["assertThrows of nothing", () => assertions.assertThrows(() => 1), "Expected function to throw"],
  ["assertThrows of a class", () => assertions.assertThrows(boom, TypeError), `"RangeError"`],
  ["assertThrows of a text", () => assertions.assertThrows(boom, Error, "big"), `"big"`],
  [
    "assertThrows of no error",
    () => assertions.assertThrows(() => thrown("text"), Error),
    "non-Error",
  ],
];

for (const [name, call, text] of BAD) {
  Deno.test(`${name} fails with a sentence`, () => fails(call, text));
}

const NOT_REJECTED: [string, () => PromiseLike<unknown>, string][] = [
  ["is kept", () => Promise.resolve(1), "Expected function to reject"],
  ["never is, as the function throws", boom, "Function throws when expected to reject"],
  ["is broken by another class", () => rejected(boom), `"RangeError"`],
];

for (const [name, call, text] of NOT_REJECTED) {
  Deno.test(`assertRejects fails when the promise ${name}`, async () => {
    const error = await assertions.assertRejects(call, TypeError).catch((error) => error);
    assertions.assertInstanceOf(error, assertions.AssertionError);
    assertions.assertStringIncludes(error.message, text);
  });
}

Deno.test("cookies are read as they came", () => {
  const cookies = getCookies(new Headers({ cookie: "a=1; b=x=y ; a=%202; c" }));
  assertEquals(cookies, { a: "%202", b: "x=y ", c: "" });
  assertEquals(cookies.toString, undefined);
  assertEquals(getCookies(new Headers()), {});
  assertThrows(() => getCookies(new Headers({ cookie: "=1" })), SyntaxError);
});

Deno.test("cookies are set with their attributes", () => {
  const headers = new Headers();
  setCookie(headers, {
    name: "a",
    value: "1",
    path: "/x",
    domain: "d.example",
    maxAge: 0,
    expires: 0,
    httpOnly: true,
    secure: true,
    partitioned: true,
    sameSite: "Lax",
    unparsed: ["k=v"],
  });
  setCookie(headers, { name: "__Host-b", value: "2", domain: "d", expires: new Date(1000) });
  deleteCookie(headers, "c", { path: "/" });
  assertEquals(headers.getSetCookie(), [
    "a=1; Secure; HttpOnly; Partitioned; Max-Age=0; Domain=d.example; SameSite=Lax; Path=/x; k=v",
    "__Host-b=2; Secure; Path=/; Expires=Thu, 01 Jan 1970 00:00:01 GMT",
    "c=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
  ]);
  for (const bad of [{ name: "a b" }, { value: "a;b" }, { value: "ä" }, { path: "/;" }]) {
    assertThrows(() => setCookie(headers, { name: "a", value: "", ...bad }), SyntaxError);
  }
  assertThrows(() => setCookie(headers, { name: "a", value: "", maxAge: -1 }), RangeError);
});

Deno.test("an entity tag is strong for contents and weak for a file", async () => {
  assertEquals(await eTag("hello"), `"5-LPJNul+wow4m6DsqxbninhsWHlw"`);
  assertEquals(await eTag(new TextEncoder().encode("hello")), await eTag("hello"));
  assertEquals(await eTag("", { weak: true }), `W/"0-47DEQpj8HBSa+/TImW+5JCeuQeR"`);
  assertEquals(
    await eTag({ size: 255, mtime: new Date(0) }),
    `W/"ff-fV7l2JDWcybWhXieoDDmVxKEFxe"`,
  );
  assertEquals(await eTag({ size: 1, mtime: null }), undefined);
  for (
    const [value, none, one] of [[null, true, false], ["*", false, true], [`"b"`, true, false]]
  ) {
    assertEquals(ifNoneMatch(value as string | null, `"a"`), none);
    assertEquals(ifMatch(value as string | null, `"a"`), one);
  }
  assertEquals(ifNoneMatch(`"b", W/"a"`, `"a"`), false);
  assertEquals(ifMatch(`"a"`, `W/"a"`), false);
});

Deno.test("a status has a code and words", () => {
  assertEquals(STATUS_CODE.NotFound, 404);
  for (
    const [code, text] of Object.entries({
      200: "OK",
      203: "Non Authoritative Info",
      226: "IM Used",
      414: "URI Too Long",
      418: "I'm a teapot",
      429: "Too Many Requests",
      505: "HTTP Version Not Supported",
    })
  ) assertEquals(STATUS_TEXT[Number(code) as 200], text);
  assertEquals(Object.keys(STATUS_TEXT).length, 62);
});

const WELCOME: [string | undefined, string[], string | undefined][] = [
  [undefined, ["gzip", "br"], "gzip"],
  ["gzip, br", ["br", "gzip"], "gzip"],
  ["gzip;q=0.5, br", ["gzip", "br", "identity"], "br"],
  ["gzip;q=0", ["gzip", "identity"], "identity"],
  ["*", ["zstd"], "zstd"],
  ["br", ["gzip"], undefined],
];

Deno.test("negotiation picks the most welcome", () => {
  for (const [value, offer, choice] of WELCOME) {
    const headers = new Headers(value === undefined ? [] : [["accept-encoding", value]]);
    assertEquals(acceptsEncodings({ headers }, ...offer), choice);
  }
  const headers = new Headers({ accept: "text/html, */*;q=0.1, text/plain;q=0.5" });
  assertEquals(accepts({ headers }), ["text/html", "text/plain", "*/*"]);
  assertEquals(accepts({ headers }, "text/plain", "text/html"), "text/html");
  assertEquals(accepts({ headers: new Headers() }), ["*/*"]);
  assertEquals(acceptsEncodings({ headers: new Headers() }), ["*"]);
});

const TIME = new Date("2026-01-02T03:04:05Z");
const TEXT = "0123456789";

async function makeFolder(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "parley-links-" });
  await Deno.mkdir(`${folder}/sub`);
  await Deno.mkdir(`${folder}/empty`);
  for (const name of ["a.txt", "a b.js", ".secret", "sub/index.html"]) {
    await Deno.writeTextFile(`${folder}/${name}`, TEXT);
    await Deno.utime(`${folder}/${name}`, TIME, TIME);
  }
  await Deno.writeTextFile(`${folder}/none.unknown`, "");
  return folder;
}

const get = (path: string, headers: HeadersInit = {}, method = "GET") =>
  new Request(`http://host${path}`, { headers, method });

const ETAG = await eTag({ size: TEXT.length, mtime: TIME }) ?? "";

// Headers of a request, and what comes back: status, body, headers.
const FILE: [string, HeadersInit, number, string, Record<string, string>][] = [
  ["whole", {}, 200, TEXT, {
    "content-type": "text/plain; charset=UTF-8",
    "content-length": "10",
    "last-modified": "Fri, 02 Jan 2026 03:04:05 GMT",
    "accept-ranges": "bytes",
    etag: ETAG,
  }],
  ["not again, by its tag", { "if-none-match": `"x", ${ETAG}` }, 304, "", { etag: ETAG }],
  ["not again, by its time", { "if-modified-since": TIME.toUTCString() }, 304, "", {}],
  ["again, as it changed", { "if-modified-since": new Date(0).toUTCString() }, 200, TEXT, {}],
  [
    "again, as the tag goes before the time",
    { "if-none-match": `"x"`, "if-modified-since": TIME.toUTCString() },
    200,
    TEXT,
    {},
  ],
  ["from a byte", { range: "bytes=7-" }, 206, "789", { "content-range": "bytes 7-9/10" }],
  ["between bytes", { range: "bytes=2-3" }, 206, "23", { "content-length": "2" }],
  ["from a byte on, too far", { range: "bytes=8-99" }, 206, "89", { "content-length": "2" }],
  ["the last bytes", { range: "bytes=-4" }, 206, "6789", { "content-range": "bytes 6-9/10" }],
  ["no range, as none is left", { range: "bytes=10-" }, 416, "Range Not Satisfiable", {
    "content-range": "bytes */10",
  }],
  ["no range, as it is backwards", { range: "bytes=3-2" }, 416, "Range Not Satisfiable", {}],
  ["whole, as the range is unclear", { range: "lines=1-2" }, 200, TEXT, {}],
];

Deno.test("a file is served", async (t) => {
  const folder = await makeFolder();
  for (const [name, init, status, body, headers] of FILE) {
    await t.step(name, async () => {
      const response = await serveFile(get("/", init), `${folder}/a.txt`);
      assertEquals([response.status, await response.text()], [status, body]);
      for (const [key, value] of Object.entries(headers)) {
        assertEquals(response.headers.get(key), value, key);
      }
    });
  }
  await t.step("its head only", async () => {
    const response = await serveFile(get("/", { range: "bytes=1-" }, "HEAD"), `${folder}/a.txt`);
    assertEquals([response.status, response.body], [200, null]);
    assertEquals(response.headers.get("content-length"), "10");
  });
  await t.step("with what is known of it", async () => {
    const fileInfo = { ...await Deno.stat(`${folder}/a.txt`), mtime: new Date(0) };
    const response = await serveFile(get("/"), `${folder}/a.txt`, { fileInfo });
    assertEquals(response.headers.get("last-modified"), "Thu, 01 Jan 1970 00:00:00 GMT");
    await response.body?.cancel();
  });
  await t.step("not by other methods, nor folders, nor what is not there", async () => {
    const post = await serveFile(get("/", {}, "POST"), `${folder}/a.txt`);
    assertEquals([post.status, await post.text()], [405, "Method Not Allowed"]);
    assertEquals((await serveFile(get("/"), `${folder}/sub`)).status, 404);
    assertEquals((await serveFile(get("/"), `${folder}/nothing`)).status, 404);
  });
  await Deno.remove(folder, { recursive: true });
});

// A path, and what comes back: status, then the content type, or where to go instead.
const PATHS: [string, number, string?][] = [
  ["/s/a.txt", 200, "text/plain; charset=UTF-8"],
  ["/s/a%20b.js", 200, "text/javascript; charset=UTF-8"],
  ["/s/none.unknown", 200],
  ["/s/sub/", 200, "text/html; charset=UTF-8"],
  ["/s/sub?q=1", 301, "http://host/s/sub/?q=1"],
  ["/s/a.txt/", 301, "http://host/s/a.txt"],
  ["/s//a.txt", 301, "http://host/s/a.txt"],
  ["/s/empty/", 404, "text/plain;charset=UTF-8"],
  ["/s/.secret", 404, "text/plain;charset=UTF-8"],
  ["/s/nothing", 404, "text/plain;charset=UTF-8"],
  ["/other/a.txt", 404, "text/plain;charset=UTF-8"],
  ["/s/..%2f..%2fetc/passwd", 404, "text/plain;charset=UTF-8"],
  ["/s/%ff", 500, "text/plain;charset=UTF-8"],
];

Deno.test("a folder is served", async (t) => {
  const fsRoot = await makeFolder();
  const options = { fsRoot, urlRoot: "s", quiet: true };
  for (const [path, status, text] of PATHS) {
    await t.step(path, async () => {
      const { headers, body, ...response } = await open(serveDir(get(path), options));
      const shown = headers.get("location") ?? headers.get("content-type") ?? undefined;
      assertEquals([response.status, shown], [status, text]);
      await body?.cancel();
    });
  }
  await t.step("with its options", async () => {
    const more = { showDotfiles: true, enableCors: true, headers: ["x-a: b:c"] };
    const secret = await serveDir(get("/s/.secret"), { ...options, ...more });
    assertEquals([secret.status, await secret.text()], [200, TEXT]);
    assertEquals(secret.headers.get("x-a"), "b:c");
    assertEquals(secret.headers.get("access-control-allow-origin"), "*");
    assertEquals(
      (await serveDir(get("/s/sub/"), { ...options, showIndex: false })).status,
      404,
    );
    assertEquals((await serveDir(get("/s/a.txt", {}, "PUT"), options)).status, 405);
  });
  await Deno.remove(fsRoot, { recursive: true });
});

Deno.test("a ULID holds its time", () => {
  assertEquals(ulid(1_469_918_176_385).slice(0, 10), "01ARYZ6S41");
  assertEquals(ulid(0).slice(0, 10), "0000000000");
  assertEquals(decodeTime("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"), 2 ** 48 - 1);
  assert(Math.abs(decodeTime(monotonicUlid()) - Date.now()) < 1000);
  assert(new Set(Array.from({ length: 1000 }, () => ulid(1))).size === 1000);
  for (const bad of ["short", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "u".repeat(26)]) {
    assertThrows(() => decodeTime(bad), Error);
  }
  for (const bad of [-1, 0.5, NaN, 2 ** 48]) assertThrows(() => ulid(bad), RangeError);
});

Deno.test("monotonic ULIDs rise, also when time stands still or goes back", () => {
  const now = Date.now() + 1000;
  const made = [now, now, now, now - 5, now + 1, now + 1].map((time) => monotonicUlid(time));
  for (let i = 0; i < 1000; i++) made.push(monotonicUlid(now + 1));
  assertEquals(made, made.toSorted());
  assertEquals(new Set(made).size, made.length);
});

Deno.test("fake time stands still until it is moved", async () => {
  const before = [Date, setTimeout, setInterval, clearTimeout, clearInterval, AbortSignal.timeout];
  const time = new FakeTime(1000);
  const called: [string, number][] = [];
  const call = (name: string) => () => called.push([name, Date.now()]);

  assertEquals([Date.now(), new Date().getTime(), time.start, time.now], [1000, 1000, 1000, 1000]);
  assert(new Date(2026, 0) instanceof Date);
  setTimeout(call("b"), 20);
  setTimeout(call("a"), 10);
  const interval = setInterval(call("i"), 15);
  clearTimeout(setTimeout(call("cleared"), 5));
  clearTimeout(undefined);
  time.tick(9);
  assertEquals(called.splice(0), []);
  time.tick(21);
  assertEquals(called.splice(0), [["a", 1010], ["i", 1015], ["b", 1020], ["i", 1030]]);
  clearInterval(interval);

  setTimeout(() => setTimeout(call("nested"), 0), 5);
  time.now = 1035;
  assertEquals(called.splice(0), [["nested", 1035]]);
  assertThrows(() => time.now = 1034, RangeError);

  const signal = AbortSignal.timeout(100);
  assertEquals([time.next(), time.now, signal.reason.name], [true, 1135, "TimeoutError"]);
  assertEquals([time.next(), time.now], [false, 1135]);

  setTimeout(boom, 10);
  setTimeout(call("late"), 20);
  assertThrows(() => time.tick(30), RangeError);
  assertEquals([time.now, called.length], [1145, 0]);
  time.runAll();
  assertEquals(called.splice(0), [["late", 1155]]);

  const waiting = new Promise<void>((resolve) => setTimeout(resolve, 50)).then(call("promise"));
  await time.tickAsync(50);
  await waiting;
  void Promise.resolve().then(() => setTimeout(call("soon"), 5));
  assertEquals(await time.nextAsync(), true);
  let left = 3;
  setTimeout(async function again() {
    await Promise.resolve();
    if (--left > 0) setTimeout(again, 1000);
  }, 1000);
  await time.runAllAsync();
  await time.runMicrotasks();
  assertEquals([called.splice(0), left], [[["promise", 1205], ["soon", 1210]], 0]);

  assertThrows(() => new FakeTime(), TimeError);
  const real =
    () => [Date, setTimeout, setInterval, clearTimeout, clearInterval, AbortSignal.timeout];
  assertEquals(await FakeTime.restoreFor(real), before);
  assert(Date !== before[0]);
  await assertRejects(() => time.delay(1000, { signal: AbortSignal.abort() }), DOMException);
  time.restore();
  assertEquals(real(), before);
  assertThrows(() => FakeTime.restore(), TimeError);
  using _again = new FakeTime("2026-01-01");
  assertEquals(Date.now(), Date.UTC(2026, 0));
});

Deno.test("fake time can go by itself", async () => {
  using time = new FakeTime(0, { advanceRate: 100, advanceFrequency: 1 });
  await time.delay(20);
  assert(time.now >= 100);
});

async function open(response: Promise<Response>) {
  const { status, headers, body } = await response;
  return { status, headers, body };
}

function thrown(value: unknown): never {
  throw value;
}

function rejected(call: () => void): Promise<void> {
  return Promise.resolve().then(call);
}

function fails(call: () => void, text: string): void {
  try {
    call();
  } catch (error) {
    if (error instanceof assertions.AssertionError && error.message.includes(text)) return;
    throw error;
  }
  throw new Error("It passed");
}

Deno.test("serveFile knows the types of common files, and of others", async () => {
  const folder = await Deno.makeTempDir();
  const types = {
    css: "text/css; charset=UTF-8",
    html: "text/html; charset=UTF-8",
    js: "text/javascript; charset=UTF-8",
    png: "image/png",
    svg: "image/svg+xml",
    webmanifest: "application/manifest+json; charset=UTF-8",
    woff2: "font/woff2",
    pdf: "application/pdf",
  };
  for (const [extension, type] of Object.entries(types)) {
    await Deno.writeTextFile(`${folder}/a.${extension}`, "");
    const { headers } = await serveFile(get("/"), `${folder}/a.${extension}`);
    assertEquals(headers.get("content-type"), type);
  }
  await Deno.remove(folder, { recursive: true });
});
