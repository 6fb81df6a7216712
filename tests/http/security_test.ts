import { assert, assertEquals } from "@std/assert";
import { createGuard, originAllowed } from "../../lib/http/security.ts";

const FRIEND = "https://friend.example";

const ORIGINS: readonly [
  name: string,
  origin: string | null,
  host: string | null,
  url: string,
  allowed: boolean,
][] = [
  ["no page at all", null, "chat.example", "http://chat.example/", true],
  ["the page's own host", "http://chat.example", "chat.example", "http://chat.example/", true],
  ["its own host and port", "http://h:8000", "h:8000", "http://h:8000/", true],
  ["another port of its host", "http://h:8001", "h:8000", "http://h:8000/", false],
  ["https ended by a proxy", "https://chat.example", "chat.example", "http://chat.example/", true],
  [
    "https, with the port in Host",
    "https://c.example",
    "c.example:443",
    "http://c.example:443/",
    true,
  ],
  ["no Host header", "http://chat.example", null, "http://chat.example/", true],
  ["a host in capitals", "http://chat.example", "Chat.Example", "http://chat.example/", true],
  ["a listed origin", FRIEND, "chat.example", "http://chat.example/", true],
  [
    "a listed host by another scheme",
    "http://friend.example",
    "c.example",
    "http://c.example/",
    false,
  ],
  ["a listed host as a prefix", `${FRIEND}.evil.example`, "c.example", "http://c.example/", false],
  ["a foreign origin", "https://evil.example", "chat.example", "http://chat.example/", false],
  ["a subdomain", "https://x.chat.example", "chat.example", "http://chat.example/", false],
  ["a host as a prefix", "http://chat.example.evil", "chat.example", "http://chat.example/", false],
  ["a host as a user", "http://chat.example@evil", "chat.example", "http://chat.example/", false],
  ["an opaque origin", "null", "chat.example", "http://chat.example/", false],
  ["an opaque origin of a host named so", "null", "null", "http://null/", false],
  ["an empty origin", "", "chat.example", "http://chat.example/", false],
  ["an origin that is none", "chat.example", "chat.example", "http://chat.example/", false],
  ["its host by a scheme of no page", "file://h", "h", "http://h/", false],
  ["a file", "file://", "chat.example", "http://chat.example/", false],
];

for (const [name, origin, host, url, allowed] of ORIGINS) {
  Deno.test(`originAllowed: ${name} ${allowed ? "may" : "may not"} act`, () => {
    const headers = new Headers();
    if (origin !== null) headers.set("origin", origin);
    if (host !== null) headers.set("host", host);
    assertEquals(originAllowed(headers, new URL(url), [FRIEND]), allowed);
  });
}

const guard = createGuard([FRIEND]);
const ok = () => new Response("ok");

function ask(method: string, headers: Record<string, string> = {}): Request {
  return new Request("http://chat.example/api", {
    method,
    headers: { host: "chat.example", ...headers },
  });
}

const GUARDED: readonly [name: string, request: Request, status: number][] = [
  ["anybody may read", ask("GET", { origin: "https://evil.example" }), 200],
  ["a program may write", ask("POST"), 200],
  ["the page itself may write", ask("POST", { origin: "http://chat.example" }), 200],
  ["a listed origin may write", ask("POST", { origin: FRIEND }), 200],
  ["a foreign page may not post", ask("POST", { origin: "https://evil.example" }), 403],
  ["a foreign page may not put", ask("PUT", { origin: "https://evil.example" }), 403],
  ["a foreign page may not patch", ask("PATCH", { origin: "https://evil.example" }), 403],
  ["a foreign page may not delete", ask("DELETE", { origin: "https://evil.example" }), 403],
  ["a sandboxed page may not post", ask("POST", { origin: "null" }), 403],
  [
    "a foreign page may not upgrade",
    ask("GET", { origin: "https://evil.example", upgrade: "websocket" }),
    403,
  ],
  ["a listed origin may upgrade", ask("GET", { origin: FRIEND, upgrade: "websocket" }), 200],
  [
    "a foreign page may not even ask",
    ask("OPTIONS", { origin: "https://evil.example", "access-control-request-method": "POST" }),
    403,
  ],
  ["OPTIONS that asks for nothing goes on", ask("OPTIONS", { origin: FRIEND }), 200],
];

for (const [name, request, status] of GUARDED) {
  Deno.test(`guard: ${name}`, async () => {
    let reached = false;
    const response = await guard(request, false, () => {
      reached = true;
      return ok();
    });
    assertEquals([response.status, reached], [status, status === 200]);
    if (status === 403) assertEquals((await response.json()).code, "forbidden");
  });
}

const EXPECTED_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; font-src 'self'; " +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

const ANSWERS: readonly [name: string, method: string, origin: string, answer: () => Response][] = [
  ["an answer", "GET", FRIEND, ok],
  ["a refusal", "POST", "https://evil.example", ok],
  ["a redirect, whose headers are fixed", "GET", FRIEND, () => Response.redirect("http://h/", 302)],
];

for (const [name, method, origin, answer] of ANSWERS) {
  Deno.test(`guard: ${name} carries the security headers`, async () => {
    const { headers } = await guard(ask(method, { origin }), false, answer);
    for (const [header, value] of Object.entries(EXPECTED_HEADERS)) {
      assertEquals(headers.get(header), value, header);
    }
  });
}

Deno.test("guard: a part of a page that is kept for good carries what concerns it, and no more", async () => {
  const part = () => new Response("x", { headers: { "cache-control": "public, immutable" } });
  const { headers } = await guard(ask("GET"), false, part);
  for (const name of ["cross-origin-resource-policy", "x-content-type-options"]) {
    assertEquals(headers.get(name), EXPECTED_HEADERS[name], name);
  }
  assertEquals(headers.get("content-security-policy"), null);
});

Deno.test("guard: only https is told to stay https", async () => {
  const hsts = async (https: boolean) =>
    (await guard(ask("GET"), https, ok)).headers.get("strict-transport-security");
  assertEquals([await hsts(true), await hsts(false)], ["max-age=31536000", null]);
});

const SHARED: readonly [
  name: string,
  origins: string[],
  origin: string | null,
  shared: string | null,
][] = [
  ["a listed origin may read", [FRIEND], FRIEND, FRIEND],
  ["a foreign origin may not read", [FRIEND], "https://evil.example", null],
  ["without a page nothing is shared", [FRIEND], null, null],
  ["with an empty list nothing is shared", [], FRIEND, null],
];

for (const [name, origins, origin, shared] of SHARED) {
  Deno.test(`guard: ${name}`, async () => {
    const request = ask("GET", origin === null ? {} : { origin });
    const { headers } = await createGuard(origins)(request, false, ok);
    assertEquals(headers.get("access-control-allow-origin"), shared);
    assertEquals(headers.get("access-control-allow-credentials"), null);
    assertEquals(headers.get("vary"), origins.length > 0 ? "Origin" : null);
  });
}

Deno.test("guard: a preflight of a listed origin is answered", async () => {
  const request = ask("OPTIONS", { origin: FRIEND, "access-control-request-method": "DELETE" });
  const { status, headers } = await guard(request, false, ok);
  assertEquals(status, 204);
  assertEquals(headers.get("access-control-allow-origin"), FRIEND);
  assertEquals(headers.get("access-control-allow-methods"), "GET, POST, PUT, PATCH, DELETE");
  assertEquals(headers.get("access-control-allow-headers"), "Authorization, Content-Type");
});

Deno.test("guard: an upgrade leaves as it came", async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const policies: (string | null)[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const response = await guard(request, false, () => {
      const { socket, response } = Deno.upgradeWebSocket(request);
      socket.onmessage = ({ data }) => socket.send(data);
      socket.onclose = () => resolve();
      return response;
    });
    policies.push(response.headers.get("content-security-policy"));
    return response;
  });
  const socket = new WebSocket(`ws://127.0.0.1:${server.addr.port}/`);
  socket.onopen = () => socket.send("hello");
  const data = await new Promise((resolve) => socket.onmessage = ({ data }) => resolve(data));
  socket.close();
  await closed;
  await server.shutdown();
  assertEquals([data, ...policies], ["hello", null]);
});

Deno.test("guard: Vary of a handler is kept", async () => {
  const answer = () => new Response("ok", { headers: { vary: "Accept" } });
  const { headers } = await guard(ask("GET"), false, answer);
  assert(/^Accept, ?Origin$/.test(headers.get("vary")!), headers.get("vary")!);
});
