import type { Change } from "../../lib/model/change.ts";
import type { Message } from "../../lib/model/message.ts";
import { openEngine } from "../../lib/engine.ts";
import type { Store } from "../../lib/store/store.ts";
import { testConfig } from "../helpers/server.ts";
import type { Stored } from "./durability_checks.ts";
import { ROOM, type TirelessClient } from "./tireless_client.ts";

/** How many entries are read at a time. */
const PAGE = 500;

/** Reads what a store holds of the room, as an instance would. What no acknowledgement named has no nonce of anybody's. */
export async function readTruth(
  url: string,
  clients: readonly TirelessClient[],
): Promise<Stored> {
  const { store } = await openEngine(testConfig({ PARLEY_STORE: url }), "reader");
  try {
    const messages = await readMessages(store);
    const nonces = noncesById(clients);
    return {
      head: (await store.heads([ROOM])).heads[0]!.seq,
      messages,
      changes: await readChanges(store),
      nonces: messages.map(({ id, pos, text }) => ({
        nonce: nonces.get(id) ?? `nobody was told of: ${text}`,
        id,
        pos,
      })),
    };
  } finally {
    await store.close();
  }
}

async function readMessages(store: Store): Promise<Message[]> {
  const messages: Message[] = [];
  for (let after = 0;;) {
    const page = await store.page(ROOM, { after, limit: PAGE });
    if (page.length === 0) return messages;
    messages.push(...page);
    after = page.at(-1)!.pos;
  }
}

async function readChanges(store: Store): Promise<Change[]> {
  const changes: Change[] = [];
  for (let after = 0;;) {
    const next = await store.changes(ROOM, after, PAGE);
    if (next.length === 0) return changes;
    changes.push(...next);
    after = next.at(-1)!.seq;
  }
}

function noncesById(clients: readonly TirelessClient[]): Map<string, string> {
  const nonces = new Map<string, string>();
  for (const { asked } of clients) {
    for (const [nonce, { command, answer }] of asked) {
      if (command.type !== "send" || !answer || answer === "not_found") continue;
      nonces.set(answer.id, nonce);
    }
  }
  return nonces;
}
