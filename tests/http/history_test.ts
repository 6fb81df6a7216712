import { assertEquals } from "@std/assert";
import { Directs } from "../../lib/chat/directs.ts";
import { HistoryApi } from "../../lib/http/history.ts";
import { call, signIn } from "../helpers/api.ts";
import { Client } from "../helpers/client.ts";
import { openDirectStore } from "../helpers/direct_store.ts";
import { signInAll } from "../helpers/directs.ts";
import { startServer } from "../helpers/server.ts";
import { react, send } from "../store/drafts.ts";

Deno.test("history: the first messages after a place are read if asked for", async () => {
  await using server = await startServer();
  const token = await signIn(server, "Ann");
  await using alice = await Client.joined(server.ws, "Alice");
  for (let i = 1; i <= 6; i++) await alice.say(`m${i}`);
  const page = async (query: string) => {
    const { json } = await call(server, `GET /api/rooms/general/messages?${query}`, { token });
    return json.messages.map(({ text }: { text: string }) => text);
  };
  assertEquals(await page("first=true&limit=2"), ["m1", "m2"]);
  assertEquals(await page("after=2&first=true&limit=2"), ["m3", "m4"]);
  assertEquals(await page("after=1&before=6&first=true&limit=2"), ["m2", "m3"]);
  assertEquals(await page("after=1&before=6&first=false&limit=2"), ["m4", "m5"]);
  const { status, json } = await call(
    server,
    "GET /api/rooms/general/messages?first=yes",
    { token },
  );
  assertEquals([status, json.code], [400, "bad_request"]);
});

Deno.test("history: one message is read, as its reader sees it", async () => {
  await using server = await startServer();
  const token = await signIn(server, "Ann");
  await using alice = await Client.joined(server.ws, "Alice");
  await alice.say("hello");
  const { id } = await alice.next("chat_message");
  const path = `/api/rooms/general/messages`;
  const { status, json } = await call(server, `GET ${path}/${id}`, { token });
  const { json: page } = await call(server, `GET ${path}`, { token });
  assertEquals([status, json], [200, { message: page.messages[0] }]);
  for (const other of [`${path}/nothing`, `/api/rooms/tea/messages/${id}`]) {
    const missing = await call(server, `GET ${other}`, { token });
    assertEquals([missing.status, missing.json.code], [404, "not_found"], other);
  }
});

Deno.test("history: who reacted to a message is told, in order and under the names that they hold", async () => {
  await using server = await startServer();
  const [ann, ben, carol] = await signInAll(server, "Ann", "Ben", "Carol");
  await using alice = await Client.joined(server.ws, "Alice");
  await alice.say("hello");
  const { id } = await alice.next("chat_message");
  const path = `/api/rooms/general/messages/${id}/reactions`;
  const asked = async (path: string, token?: string) => {
    const { status, json } = await call(server, `GET ${path}`, { token });
    return [status, json];
  };
  assertEquals(await asked(path, ann.token), [200, { seq: 1, reactions: {} }]);
  for (const [{ token }, emoji] of [[carol, "👍"], [ben, "🎉"], [ann, "👍"]] as const) {
    await using client = await Client.welcomed(server.ws, { token });
    await client.join("general");
    client.send({ type: "react", room: "general", id, emoji, on: true });
    await client.next("ack");
  }
  await call(server, "DELETE /api/session", { token: carol.token });
  const reactions = {
    "👍": { count: 2, mine: true, users: [{ id: carol.user.id }, ann.user] },
    "🎉": { count: 1, mine: false, users: [ben.user] },
  };
  assertEquals(await asked(path, ann.token), [200, { seq: 4, reactions }]);

  for (const other of [path.replace(id, "nothing"), path.replace("general", "tea")]) {
    const [status, { code }] = await asked(other, ann.token);
    assertEquals([status, code], [404, "not_found"], other);
  }
  assertEquals((await asked(path))[0], 401);
});

Deno.test("history: of very many who reacted the first hundred are told, and how many they are", async () => {
  using store = openDirectStore();
  const message = send();
  const ids = Array.from({ length: 150 }, (_, i) => `p${String(i).padStart(11, "0")}`);
  await store.append([message, ...ids.map((user_id) => react(message.id, "👍", { user_id }))]);
  const history = new HistoryApi(store, new Directs(store));
  const response = await history.reactions({ id: ids[120]!, name: "P" }, "general", message.id);
  const { "👍": { count, mine, users } } = (await response.json()).reactions;
  assertEquals([count, mine, users], [150, true, ids.slice(0, 100).map((id) => ({ id }))]);
});

Deno.test("history: the place of a time is told, and that after all for a time to come", async () => {
  await using server = await startServer();
  const token = await signIn(server, "Ann");
  await using alice = await Client.joined(server.ws, "Alice");
  const times: number[] = [];
  for (const text of ["one", "two", "three"]) {
    await alice.say(text);
    times.push((await alice.next("chat_message")).time);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const place = async (time: number | string) =>
    (await call(server, `GET /api/rooms/general/place?time=${time}`, { token })).json.pos;
  assertEquals(await Promise.all([0, ...times].map(place)), [1, 1, 2, 3]);
  assertEquals(await place(times[2]! + 1), 4);
  const { json } = await call(server, "GET /api/rooms/tea/place?time=0", { token });
  assertEquals(json, { pos: 1 });
  for (const query of ["", "?time=yesterday", "?time=-1"]) {
    const { status } = await call(server, `GET /api/rooms/general/place${query}`, { token });
    assertEquals(status, 400, query);
  }
});
