import { assertEquals } from "@std/assert";
import { problem } from "../../lib/http/problem.ts";

Deno.test("problem: it is what RFC 9457 describes, with a code for programs", async () => {
  const response = problem(429, "too_many", "Come back later", { "retry-after": "5" });
  assertEquals(response.status, 429);
  assertEquals(response.headers.get("content-type"), "application/problem+json");
  assertEquals(response.headers.get("cache-control"), "no-store");
  assertEquals(response.headers.get("retry-after"), "5");
  assertEquals(await response.json(), {
    type: "about:blank",
    title: "Too Many Requests",
    status: 429,
    detail: "Come back later",
    code: "too_many",
  });
});
