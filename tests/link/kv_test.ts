import { openKvLink } from "../../lib/link/kv.ts";
import { KvDatabase } from "../../lib/store/kv_database.ts";
import { linkContract, type TestCarrier } from "./contract.ts";

linkContract("Deno KV", async (): Promise<TestCarrier> => {
  const kv = await Deno.openKv(":memory:");
  return {
    connect: (instance) => (receive) => openKvLink(new KvDatabase(kv), instance, receive),
    [Symbol.asyncDispose]() {
      kv.close();
      return Promise.resolve();
    },
  };
});
