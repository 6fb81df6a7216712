import { assertEquals, assertMatch } from "@std/assert";
import { Client } from "../helpers/client.ts";
import { ServerProcess, TemporaryFolder } from "../helpers/process.ts";
import type { Fault } from "./fault.ts";

Deno.test("a server whose store's Worker has died ends, to be started again", async () => {
  using folder = new TemporaryFolder();
  const settings = { ...folder.store, PARLEY_ISOLATES: "2" };
  await using server = await ServerProcess.listening({
    main: "tests/faults/faulty_main.ts",
    settings,
  });
  const alice = await Client.welcomed(server.ws, { username: "Alice" });
  await alice.join();
  const { id } = await alice.say("kept");
  const fault: Fault = { instance: alice.me.instance, fault: "break the store" };
  await server.tell(JSON.stringify(fault));
  const { code, stderr } = await server.ended;
  assertEquals(code, 1);
  assertMatch(stderr, /\nThe store's Worker has failed: .*\n$/);
  await alice.closed;

  await using again = await ServerProcess.listening({ settings });
  await using returned = await Client.welcomed(again.ws, { token: alice.me.token });
  assertEquals((await returned.join()).messages.map((message) => message.id), [id]);
});
