import { assertEquals, assertThrows } from "@std/assert";
import { parseRedisUrl, type RedisAddress, showRedisAddress } from "../../lib/store/redis_url.ts";

const PLAIN: RedisAddress = { host: "h", port: 6379, tls: false, database: 0 };

const READ: Readonly<Record<string, Partial<RedisAddress>>> = {
  "redis://h": {},
  "redis://h/": {},
  "redis://h:80/7": { port: 80, database: 7 },
  "rediss://h:443": { port: 443, tls: true },
  "redis://:p%2Fw%401%3A@h": { password: "p/w@1:" },
  "redis://u:p@h/1": { username: "u", password: "p", database: 1 },
  "redis://u@h": { username: "u" },
  "redis://[::1]:7000/2": { host: "::1", port: 7000, database: 2 },
  "redis://redis.example:6380": { host: "redis.example", port: 6380 },
};

for (const [url, expected] of Object.entries(READ)) {
  Deno.test(`the address ${url} is read`, () => {
    assertEquals(parseRedisUrl(url), { ...PLAIN, ...expected });
  });
}

for (
  const rest of ["", "/", "h/x", "h/1/2", "h/-1", "h?x=1", "h#x", "h:x", ":secret@", "%:secret@h"]
) {
  Deno.test(`the address redis://${rest} is none, and its password is not told`, () => {
    const error = assertThrows(() => parseRedisUrl(`redis://${rest}`), Error, "Cannot read");
    assertEquals(error.message.includes("secret"), false);
  });
}

Deno.test("an address is shown without user and password", () => {
  assertEquals(showRedisAddress(parseRedisUrl("redis://user:secret@h:1/2")), "h:1/2");
  assertEquals(showRedisAddress(parseRedisUrl("redis://[::1]")), "[::1]:6379/0");
});
