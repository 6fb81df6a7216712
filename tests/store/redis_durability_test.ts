import { assertEquals } from "@std/assert";
import { findRisks } from "../../lib/store/redis_durability.ts";

const SAFE = { appendonly: "yes", appendfsync: "always", "maxmemory-policy": "noeviction" };

const CASES: Readonly<Record<string, [settings: Record<string, string>, told: string[]]>> = {
  "nothing if it keeps all": [SAFE, []],
  "that it keeps nothing": [{ ...SAFE, appendonly: "no" }, ["appendonly yes"]],
  "that it may lose a second": [{ ...SAFE, appendfsync: "everysec" }, ["appendfsync always"]],
  "that it evicts": [{ ...SAFE, "maxmemory-policy": "allkeys-lru" }, ["noeviction"]],
  "that nobody knows": [{}, ["does not tell"]],
};

for (const [name, [settings, told]] of Object.entries(CASES)) {
  Deno.test(`a Redis server is said to be at risk: ${name}`, async () => {
    const risks = await findRisks((setting) => Promise.resolve(settings[setting]));
    assertEquals(risks.length, told.length);
    for (const [i, words] of told.entries()) {
      assertEquals(risks[i]!.includes(words), true, risks[i]);
    }
  });
}
