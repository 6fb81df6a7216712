import { assertEquals } from "@std/assert";
import { type Credentials, readCredentials } from "../../lib/auth/credentials.ts";

const PROTOCOL = "sec-websocket-protocol";

const token = (token: string): Credentials => ({ kind: "token", token });
const username = (name: string): Credentials => ({ kind: "username", name });
const none: Credentials = { kind: "none" };

const CASES: readonly [
  name: string,
  query: string,
  headers: Record<string, string>,
  expected: Credentials,
  withoutUsername?: Credentials,
][] = [
  ["nothing is nobody", "", {}, none],
  ["a cookie is a token", "", { cookie: "parley_session=T" }, token("T")],
  ["another cookie is nobody", "", { cookie: "session=T" }, none],
  ["one cookie among others is found", "", { cookie: "a=1; parley_session=T; b=2" }, token("T")],
  ["a bearer is a token", "", { authorization: "Bearer T" }, token("T")],
  ["the scheme has no case", "", { authorization: "bearer T" }, token("T")],
  ["another scheme is nobody", "", { authorization: "Basic T" }, none],
  ["a bearer without a token is nobody", "", { authorization: "Bearer " }, none],
  ["a subprotocol is a token", "", { [PROTOCOL]: "parley.v1, parley.token.a.b.c" }, token("a.b.c")],
  ["the other subprotocol is nobody", "", { [PROTOCOL]: "parley.v1" }, none],
  ["an empty subprotocol token is one, and will be refused", "", {
    [PROTOCOL]: "parley.token.",
  }, token("")],
  ["a username is a name as typed", "?username=%20Ann%20", {}, username(" Ann "), none],
  ["an empty username is one, and will be refused", "?username=", {}, username(""), none],
  [
    "a username goes before a cookie",
    "?username=Ann",
    { cookie: "parley_session=T" },
    username("Ann"),
    token("T"),
  ],
  ["a bearer goes before a username and a cookie", "?username=Ann", {
    authorization: "Bearer B",
    cookie: "parley_session=T",
  }, token("B")],
  ["a subprotocol goes before all", "?username=Ann", {
    [PROTOCOL]: "parley.token.S,parley.v1",
    authorization: "Bearer B",
    cookie: "parley_session=T",
  }, token("S")],
];

for (const [name, query, headers, expected, withoutUsername = expected] of CASES) {
  Deno.test(`credentials: ${name}`, () => {
    const request = new Request(`http://host/ws${query}`, { headers });
    assertEquals(readCredentials(request, { username: true }), expected);
    assertEquals(readCredentials(request, { username: false }), withoutUsername);
  });
}
