import { inMemory } from "../helpers/kv.ts";
import { storeContract } from "./contract.ts";

storeContract("Deno KV in memory", inMemory, { isKept: false });
