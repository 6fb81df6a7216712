import { assertEquals } from "@std/assert";
import { clearSessionCookie, readSessionCookie, setSessionCookie } from "../../lib/auth/cookie.ts";

/** The parts of the only cookie that is set, sorted, since their order means nothing. */
function parts(headers: Headers): string[] {
  const [cookie = "", ...more] = headers.getSetCookie();
  assertEquals(more, []);
  return cookie.split("; ").sort();
}

for (const https of [true, false]) {
  Deno.test(`cookie: it is guarded, and Secure is ${https} as https is`, () => {
    const headers = new Headers();
    setSessionCookie(headers, "a.b.c", https);
    assertEquals(parts(headers), [
      "HttpOnly",
      "Max-Age=2592000",
      "Path=/",
      "SameSite=Lax",
      ...(https ? ["Secure"] : []),
      "parley_session=a.b.c",
    ]);
  });
}

Deno.test("cookie: what was set is read", () => {
  const headers = new Headers();
  setSessionCookie(headers, "a.b-c_", false);
  const [cookie = ""] = headers.getSetCookie();
  assertEquals(readSessionCookie(new Headers({ cookie: cookie.replace(/;.*/, "") })), "a.b-c_");
});

Deno.test("cookie: a request without one gives none", () => {
  assertEquals(readSessionCookie(new Headers()), undefined);
});

Deno.test("cookie: clearing it ends it at the path it was set for", () => {
  const headers = new Headers();
  clearSessionCookie(headers);
  assertEquals(parts(headers), [
    "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    "Path=/",
    "parley_session=",
  ]);
});
