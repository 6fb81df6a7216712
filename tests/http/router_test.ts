import { assert, assertEquals } from "@std/assert";
import { createRouter, type Handler, route, type RouterOptions } from "../../lib/http/router.ts";
import type { LogFields, Logger } from "../../lib/log.ts";

interface Context {
  readonly who: string;
}

/** Answers with its name, and with all that it was told. */
function named(name: string): Handler<Context> {
  return (_request, { who, params, url }) =>
    new Response(JSON.stringify([name, who, params, url.search]), { headers: { "x-name": name } });
}

const FAILURE = new Error("a secret of the inside");

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

function router(options: Partial<RouterOptions<Context>> = {}) {
  return createRouter<Context>([
    route("GET", "/rooms", named("list")),
    route("POST", "/rooms", named("make")),
    route("GET", "/rooms/lobby", named("lobby")),
    route("GET", "/rooms/:room", named("one")),
    route("GET", "/rooms/:room/messages/:id", named("message")),
    route("DELETE", "/session", named("leave")),
    route("GET", "/fails", () => {
      throw FAILURE;
    }),
    route("GET", "/rejects", () => Promise.reject(FAILURE)),
  ], { log: silent, ...options });
}

const request = (method: string, path: string) => new Request(`http://host${path}`, { method });

const FOUND: readonly [name: string, method: string, path: string, expected: unknown[]][] = [
  ["a path is answered", "GET", "/rooms", ["list", "ann", {}, ""]],
  ["the method chooses", "POST", "/rooms", ["make", "ann", {}, ""]],
  ["the query does not matter to the path", "GET", "/rooms?q=1", ["list", "ann", {}, "?q=1"]],
  ["the first route that fits answers", "GET", "/rooms/lobby", ["lobby", "ann", {}, ""]],
  ["a group is a parameter", "GET", "/rooms/a", ["one", "ann", { room: "a" }, ""]],
  ["groups are decoded", "GET", "/rooms/%7Ea%20b/messages/1%2F2", [
    "message",
    "ann",
    { room: "~a b", id: "1/2" },
    "",
  ]],
];

for (const [name, method, path, expected] of FOUND) {
  Deno.test(`router: ${name}`, async () => {
    const response = await router()(request(method, path), { who: "ann" });
    assertEquals(await response.json(), expected);
  });
}

const REFUSED: readonly [
  name: string,
  method: string,
  path: string,
  status: number,
  code: string,
  allow: string | null,
][] = [
  ["an unknown path is not found", "GET", "/nothing", 404, "not_found", null],
  ["an unknown path is not found by any method", "POST", "/nothing", 404, "not_found", null],
  ["OPTIONS on an unknown path is not found", "OPTIONS", "/nothing", 404, "not_found", null],
  ["a slash at the end is another path", "GET", "/rooms/", 404, "not_found", null],
  [
    "a wrong method is told the right ones",
    "PUT",
    "/rooms",
    405,
    "method_not_allowed",
    "GET, POST, HEAD, OPTIONS",
  ],
  ["HEAD needs GET", "HEAD", "/session", 405, "method_not_allowed", "DELETE, OPTIONS"],
  ["a broken percent sign is a bad request", "GET", "/rooms/%zz", 400, "bad_request", null],
  ["what throws tells nothing", "GET", "/fails", 500, "internal", null],
  ["what rejects tells nothing", "GET", "/rejects", 500, "internal", null],
];

for (const [name, method, path, status, code, allow] of REFUSED) {
  Deno.test(`router: ${name}`, async () => {
    const response = await router()(request(method, path), { who: "ann" });
    assertEquals([response.status, response.headers.get("allow")], [status, allow]);
    if (method === "HEAD") return assertEquals(response.body, null);
    const body = await response.text();
    assertEquals(JSON.parse(body).code, code);
    assert(!body.includes("secret"), body);
  });
}

Deno.test("router: HEAD is answered by GET, without the body", async () => {
  const response = await router()(request("HEAD", "/rooms"), { who: "ann" });
  assertEquals([response.status, response.headers.get("x-name")], [200, "list"]);
  assertEquals(response.body, null);
});

Deno.test("router: HEAD ends a stream that GET would have sent", async () => {
  let ended = false;
  const body = new ReadableStream({ cancel: () => void (ended = true) });
  const head = createRouter([route("GET", "/", () => new Response(body))], { log: silent });
  await head(request("HEAD", "/"), {});
  assert(ended);
});

Deno.test("router: OPTIONS tells the methods of a path", async () => {
  const response = await router()(request("OPTIONS", "/rooms"), { who: "ann" });
  assertEquals([response.status, response.headers.get("allow")], [204, "GET, POST, HEAD, OPTIONS"]);
});

for (const method of ["GET", "HEAD"]) {
  Deno.test(`router: ${method} for an unknown path goes to the handler for the rest`, async () => {
    const answer = router({ otherwise: named("rest") });
    const response = await answer(request(method, "/nothing"), { who: "ann" });
    assertEquals(response.headers.get("x-name"), "rest");
  });
}

Deno.test("router: the handler for the rest does not hide that a method is wrong", async () => {
  const answer = router({ otherwise: named("rest") });
  assertEquals((await answer(request("POST", "/nothing"), { who: "ann" })).status, 404);
  assertEquals((await answer(request("GET", "/session"), { who: "ann" })).status, 405);
});

Deno.test("router: what throws is logged", async () => {
  const records: [string, LogFields | undefined][] = [];
  const log = {
    ...silent,
    error: (...record: [string, LogFields?]) => records.push([record[0], record[1]]),
  };
  await router({ log })(request("GET", "/fails?token=T"), { who: "ann" });
  assertEquals(records, [["A request failed", {
    method: "GET",
    path: "/fails",
    error: FAILURE,
  }]]);
});
