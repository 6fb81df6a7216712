import { Directs } from "../../lib/chat/directs.ts";
import { assert, assertEquals } from "@std/assert";
import { search } from "../../lib/http/search.ts";
import { Allowances } from "../../lib/socket/allowances.ts";
import { call, signIn } from "../helpers/api.ts";
import { Client } from "../helpers/client.ts";
import { openDirectStore } from "../helpers/direct_store.ts";
import { startServer } from "../helpers/server.ts";
import { send } from "../store/drafts.ts";

const ANN = { id: "ann000000000", name: "Ann" };

/** Searches a store; answers the texts, and whether there are more. */
async function find(store: ReturnType<typeof openDirectStore>, query: Record<string, string>) {
  const allowances = new Allowances(Infinity, Infinity);
  const response = await search(ANN, new URLSearchParams(query), {
    store,
    directs: new Directs(store),
    allowances,
  });
  const { messages, more } = await response.json();
  return { texts: messages.map(({ text }: { text: string }) => text), more };
}

Deno.test("search: a message is found as its reader sees it, in every room", async () => {
  await using server = await startServer();
  const token = await signIn(server, "Ann");
  await using alice = await Client.joined(server.ws, "Alice", "kitchen");
  await alice.say("Green tea", "kitchen");
  const { json: page } = await call(server, "GET /api/rooms/kitchen/messages", { token });
  for (const query of ["q=gre", "q=%22green%20tea%22", "q=tea&room=kitchen", "q=tea&from=ALICE"]) {
    const { status, json } = await call(server, `GET /api/search?${query}`, { token });
    assertEquals([status, json], [200, { messages: page.messages, more: false }], query);
  }
  const { json } = await call(server, "GET /api/search?q=tea&room=general", { token });
  assertEquals(json, { messages: [], more: false });
});

Deno.test("search: welcome says whether messages can be searched", async () => {
  await using server = await startServer();
  await using alice = await Client.welcomed(server.ws, { username: "Alice" });
  assertEquals(alice.me.search, true);
});

Deno.test("search: what is found is given in parts, in the order and of the time asked for", async () => {
  using store = openDirectStore();
  const noon = Date.parse("2026-01-31T12:00:00Z");
  await store.append(
    Array.from({ length: 25 }, (_, i) => send({ text: `tea ${i}`, time: noon + i })),
  );
  const newest = { q: "tea ", order: "newest" };
  assertEquals((await find(store, newest)).texts.length, 20);
  assertEquals(await find(store, { ...newest, limit: "2" }), {
    texts: ["tea 24", "tea 23"],
    more: true,
  });
  assertEquals(
    await find(store, { ...newest, limit: "2", offset: "23" }),
    { texts: ["tea 1", "tea 0"], more: false },
  );
  const since = (since: string, until: string) =>
    find(store, { ...newest, since, until, limit: "50" });
  assertEquals((await since(`${noon + 1}`, `${noon + 3}`)).texts, ["tea 2", "tea 1"]);
  assertEquals((await since("2026-01-31", "2026-02-01")).texts.length, 25);
  assertEquals((await since("2026-01-31T13:00:00+01:00", "2026-01-31T12:00:00.002Z")).texts, [
    "tea 1",
    "tea 0",
  ]);
  assertEquals((await since("2026-02-01", "2026-02-02")).texts, []);
});

Deno.test("search: of direct rooms only those of the reader are searched", async () => {
  using store = openDirectStore();
  const [theirs, others] = ["~01HF7YAT000000000000000001", "~01HF7YAT000000000000000002"];
  await store.append([
    send({ text: "tea", room: theirs }),
    send({ text: "tea of others", room: others }),
  ]);
  const users = [ANN, { id: "bob000000000", name: "Bob" }] as const;
  const asked: string[] = [];
  const directs = (userId: string) => {
    asked.push(userId);
    return Promise.resolve([{ room: theirs!, users }]);
  };
  const allowances = new Allowances(Infinity, Infinity);
  const query = new URLSearchParams({ q: "tea" });
  const withDirects = new Proxy(store, {
    get: (store, name) => name === "directs" ? directs : Reflect.get(store, name),
  });
  const response = await search(ANN, query, {
    store: withDirects,
    directs: new Directs(withDirects),
    allowances,
  });
  const { messages } = await response.json();
  assertEquals(messages.map(({ room }: { room: string }) => room), [theirs]);
  assertEquals(asked, [ANN.id]);
});

const REFUSED: Readonly<Record<string, string>> = {
  "no words": "",
  "an empty text": "q=",
  "punctuation alone": "q=%22-%22",
  "10,000 characters": `q=${"x".repeat(10_000)}`,
  "an order that there is not": "q=tea&order=oldest",
  "a limit of 0": "q=tea&limit=0",
  "a limit of 51": "q=tea&limit=51",
  "an offset of 1001": "q=tea&offset=1001",
  "a time that is none": "q=tea&since=yesterday",
  "a date that is none": "q=tea&until=2026-99-99",
  "an empty name": "q=tea&from=",
};

Deno.test("search: what cannot be looked for is refused, and costs nothing", async () => {
  await using server = await startServer({ PARLEY_MESSAGE_BURST: "1" });
  const token = await signIn(server, "Ann");
  for (const [name, query] of Object.entries(REFUSED)) {
    const { status, json } = await call(server, `GET /api/search?${query}`, { token });
    assertEquals([status, json.code], [400, "bad_request"], name);
  }
  const { status, json } = await call(server, "GET /api/search?q=tea&room=No", { token });
  assertEquals([status, json.code], [400, "bad_name"]);
  assertEquals((await call(server, "GET /api/search?q=tea", { token })).status, 200);
});

Deno.test("search: a search costs as much as a message", async () => {
  await using server = await startServer({
    PARLEY_MESSAGE_BURST: "2",
    PARLEY_MESSAGES_PER_SECOND: "1",
  });
  const token = await signIn(server, "Ann");
  const [first, second, third] = [
    await call(server, "POST /api/rooms/general/messages", { token, body: { text: "tea" } }),
    await call(server, "GET /api/search?q=tea", { token }),
    await call(server, "GET /api/search?q=tea", { token }),
  ];
  assertEquals([first!.status, second!.status, third!.status], [201, 200, 429]);
  assertEquals(third!.json.code, "rate_limited");
  assertEquals(third!.response.headers.get("retry-after"), "1");
});

Deno.test("search: a store that cannot search says so", async () => {
  const store = { searchable: false } as ReturnType<typeof openDirectStore>;
  const allowances = new Allowances(1, 1);
  const response = await search(ANN, new URLSearchParams({ q: "tea" }), {
    store,
    directs: new Directs(store),
    allowances,
  });
  const { code, detail } = await response.json();
  assertEquals([response.status, code], [501, "unavailable"]);
  assert(detail.startsWith("Messages cannot be searched here"));
});
