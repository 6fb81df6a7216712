import { assertEquals } from "@std/assert";
import { assertClosed, Client } from "../helpers/client.ts";
import { ServerProcess, TemporaryFolder } from "../helpers/process.ts";

Deno.test("a server that was killed comes back with its log, its names and its epoch", async () => {
  using folder = new TemporaryFolder();
  const options = { settings: { ...folder.store, PARLEY_ISOLATES: "2" } };
  await using server = await ServerProcess.listening(options);
  const alice = await Client.welcomed(server.ws, { username: "Alice" });
  const { epoch } = await alice.join();
  const said = [];
  for (let i = 0; i < 10; i++) {
    const text = `Line ${i}`;
    const { id, seq } = await alice.say(text);
    said.push({ id, seq, text });
  }
  server.signal("SIGKILL");
  await Promise.all([server.ended, alice.closed]);

  await using again = await ServerProcess.listening(options);
  await assertClosed(Client.v1(again.ws, { username: "alice" }), 4501);
  await using returned = await Client.welcomed(again.ws, { token: alice.me.token });
  assertEquals(returned.me.user, alice.me.user);
  const joined = await returned.join("general", { since: { epoch, seq: 0 } });
  assertEquals(
    { epoch: joined.epoch, seq: joined.seq, recovered: joined.recovered },
    { epoch, seq: 10, recovered: true },
  );
  assertEquals(joined.messages.map(({ id, seq, text }) => ({ id, seq, text })), said);
  assertEquals((await returned.say("and on")).seq, 11);
});
