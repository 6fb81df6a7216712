import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import {
  createTokens,
  newUserId,
  plainUserId,
  TOKEN_LIFETIME_S,
  tokenKey,
} from "../../lib/auth/tokens.ts";

const NOW = Date.UTC(2026, 0, 1);
const NOW_S = NOW / 1000;
const KEY = new TextEncoder().encode("a key of the tests");
const ALICE = { id: "alice0000000", name: "Alice" };
const tokens = createTokens(KEY, () => NOW);

function signElsewhere(claims: JWTPayload, { alg = "HS256", key = KEY } = {}): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(key);
}

for (const guest of [true, false]) {
  Deno.test(`tokens: what was signed with guest ${guest} is verified`, async () => {
    const token = await tokens.sign(ALICE, { guest });
    assertEquals(await tokens.verify(token), { user: ALICE, guest });
  });
}

Deno.test("tokens: the claims are those of the contract", async () => {
  const [, claims = ""] = (await tokens.sign(ALICE, { guest: true })).split(".");
  assertEquals(JSON.parse(atob(claims)), {
    sub: ALICE.id,
    name: "Alice",
    guest: true,
    iat: NOW_S,
    exp: NOW_S + 30 * 24 * 60 * 60,
  });
});

Deno.test("tokens: one that says so makes a moderator, and goes on doing so", async () => {
  const token = await tokens.sign(ALICE, { guest: false, moderator: true });
  assertEquals(await tokens.verify(token), { user: ALICE, guest: false, moderator: true });
});

Deno.test("tokens: one lives until its last second, and no longer", async () => {
  const token = await tokens.sign(ALICE, { guest: false });
  const at = (seconds: number) => createTokens(KEY, () => NOW + 1000 * seconds).verify(token);
  assertEquals(await at(TOKEN_LIFETIME_S - 1), { user: ALICE, guest: false });
  assertEquals(await at(TOKEN_LIFETIME_S), undefined);
});

const FOREIGN: readonly [name: string, claims: JWTPayload, user?: typeof ALICE][] = [
  ["sub and name are enough", { sub: ALICE.id, name: "Alice" }, ALICE],
  ["the name is brought into its form", { sub: ALICE.id, name: " A\u0308nn " }, {
    id: ALICE.id,
    name: "\u00C4nn",
  }],
  ["other claims do not matter", { sub: ALICE.id, name: "Alice", iss: "x", aud: "y" }, ALICE],
  ["an end to come is fine", { sub: ALICE.id, name: "Alice", exp: NOW_S + 1 }, ALICE],
  ["an end that has come refuses", { sub: ALICE.id, name: "Alice", exp: NOW_S }],
  ["a start to come refuses", { sub: ALICE.id, name: "Alice", nbf: NOW_S + 1 }],
  ["a name is needed", { sub: ALICE.id }],
  ["a user id is needed", { name: "Alice" }],
  ["a user id of 11 characters refuses", { sub: "alice000000", name: "Alice" }],
  ["a user id with a capital refuses", { sub: "Alice0000000", name: "Alice" }],
  ["a user id with a line break refuses", { sub: "alice0000000\n", name: "Alice" }],
  ["a name that is a number refuses", { sub: ALICE.id, name: 5 }],
  ["an empty name refuses", { sub: ALICE.id, name: " " }],
  ["a name of 33 characters refuses", { sub: ALICE.id, name: "a".repeat(33) }],
];

for (const [name, claims, user] of FOREIGN) {
  Deno.test(`tokens made elsewhere: ${name}`, async () => {
    const identity = await tokens.verify(await signElsewhere(claims));
    assertEquals(identity, user && { user, guest: false });
  });
}

const CLAIMS = { sub: ALICE.id, name: "Alice" };
const OTHER_KEY = new TextEncoder().encode("another key of the tests");
const LONG_KEY = new TextEncoder().encode("k".repeat(64));

const FORGED: readonly [name: string, make: () => string | Promise<string>][] = [
  ["nothing", () => ""],
  ["no token at all", () => "abc"],
  ["three dots", () => "..."],
  ["characters of no alphabet", () => "\u{1F600}.\u{1F600}.\u{1F600}"],
  ["another key", () => signElsewhere(CLAIMS, { key: OTHER_KEY })],
  ["no signature", () => new UnsecuredJWT(CLAIMS).encode()],
  ["a signature cut off", async () => (await signElsewhere(CLAIMS)).replace(/[^.]+$/, "")],
  ["claims of another token", async () => {
    const [header, , signature] = (await signElsewhere(CLAIMS)).split(".");
    const [, claims] = (await signElsewhere({ ...CLAIMS, name: "Bob" })).split(".");
    return `${header}.${claims}.${signature}`;
  }],
];

for (const [name, make] of FORGED) {
  Deno.test(`tokens: ${name} is refused`, async () => {
    assertEquals(await tokens.verify(await make()), undefined);
  });
}

Deno.test("tokens: the right key does not help another algorithm", async () => {
  const verify = async (alg: string) =>
    await createTokens(LONG_KEY).verify(await signElsewhere(CLAIMS, { alg, key: LONG_KEY }));
  assertEquals(await verify("HS512"), undefined);
  assertEquals(await verify("HS256"), { user: ALICE, guest: false });
});

Deno.test("tokenKey: a secret is its own bytes, as other programs would use it", async () => {
  const store = { secret: () => Promise.reject(new Error("not asked")) };
  assertEquals(await tokenKey("a key of the tests", store), KEY);
});

Deno.test("tokenKey: without a secret it is the store's", async () => {
  assertEquals(await tokenKey(null, { secret: () => Promise.resolve(KEY) }), KEY);
});

/** Fills with 0, 1, 2 … 255, 0 … over all calls. */
function counting(): (bytes: Uint8Array) => void {
  let next = 0;
  return (bytes) => {
    for (let i = 0; i < bytes.length; i++) bytes[i] = next++ % 256;
  };
}

Deno.test("newUserId: every character is as likely as every other", () => {
  const random = counting();
  const seen = new Map<string, number>();
  // 252 of 256 bytes are used, 12 of the 24 of each draw: all bytes come up equally often after 32 * 3 draws.
  for (let i = 0; i < 96; i++) {
    for (const character of newUserId(random)) seen.set(character, (seen.get(character) ?? 0) + 1);
  }
  assertEquals(seen.size, 36);
  const counts = [...seen.values()];
  assert(Math.max(...counts) - Math.min(...counts) <= 3, `uneven: ${counts}`);
});

Deno.test("newUserId: bytes that would favour some characters are drawn again", () => {
  let draws = 0;
  const id = newUserId((bytes) => bytes.fill(draws++ === 0 ? 252 : 1));
  assertEquals([id, draws], ["b".repeat(12), 2]);
});

Deno.test("newUserId: by itself it draws a new one each time", () => {
  const ids = new Set(Array.from({ length: 100 }, () => newUserId()));
  assertEquals(ids.size, 100);
  for (const id of ids) assertMatch(id, /^[a-z0-9]{12}$/);
});

Deno.test("plainUserId: it is the same in every release", async () => {
  assertEquals(await plainUserId(KEY, "Alice", "c1"), "eziauh8fqph9");
});

const PLAIN: readonly [
  name: string,
  key: Uint8Array,
  user: string,
  client: string,
  same: boolean,
][] = [
  ["the same name and client is the same person", KEY, "Alice", "c1", true],
  ["case does not matter in a name", KEY, "aLICE", "c1", true],
  ["another client is another person", KEY, "Alice", "c2", false],
  ["case matters in a client id", KEY, "Alice", "C1", false],
  ["another name is another person", KEY, "Alicia", "c1", false],
  ["name and client do not run together", KEY, "Alicec", "1", false],
  ["another key makes other ids", OTHER_KEY, "Alice", "c1", false],
];

for (const [name, key, user, client, same] of PLAIN) {
  Deno.test(`plainUserId: ${name}`, async () => {
    const id = await plainUserId(key, user, client);
    assertMatch(id, /^[a-z0-9]{12}$/);
    const compare = same ? assertEquals : assertNotEquals;
    compare(id, await plainUserId(KEY, "Alice", "c1"));
  });
}
