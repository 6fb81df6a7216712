import { assertEquals } from "@std/assert";
import { call, signIn } from "../helpers/api.ts";
import { Client } from "../helpers/client.ts";
import { startServer } from "../helpers/server.ts";

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
