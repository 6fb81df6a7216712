import { assert, assertEquals } from "@std/assert";
import { Client } from "../helpers/client.ts";
import { delay } from "../helpers/delay.ts";
import { type Cluster, INSTANCES } from "./cluster.ts";
import type { Crowd } from "./crowd.ts";
import { ROOM } from "./tireless_client.ts";

/** How long people talk, in milliseconds. */
const TALK_MS = 2_000;
/** Where a nonce is tried, so that it is nothing that the crowd has to answer for. */
const OTHER_ROOM = "nonces";

/** Everyone at every instance hears everyone, and all instances have the same list of people. */
export async function talkAtAll(cluster: Cluster, crowd: Crowd): Promise<void> {
  const places = Map.groupBy(crowd.clients, ({ notes }) => notes.instance);
  assertEquals(places.size, INSTANCES, "somebody is at each instance");
  crowd.begin();
  await delay(TALK_MS);
  await crowd.rest(5_000);
  await seeOneList(cluster, crowd);
  await repeatElsewhere(cluster, crowd);
}

/** Every instance answers with the same people, in the same order. */
export async function seeOneList(cluster: Cluster, { clients }: Crowd): Promise<void> {
  const [{ token }] = clients as [typeof clients[number]];
  const lists = await Promise.all(cluster.instances.map(async ({ ws }) => {
    await using visitor = await Client.welcomed(ws, { token });
    const { users } = await visitor.join(ROOM);
    return users.map(({ name }) => name);
  }));
  for (const list of lists) assertEquals(list, lists[0], "the list is one for all instances");
  const names = clients.map(({ user }) => user.name);
  assertEquals(lists[0]!.toSorted(), names.toSorted(), "everyone is listed, and nobody else");
}

/** What is said with the same nonce at all instances at once is one message. */
async function repeatElsewhere({ instances }: Cluster, { clients }: Crowd): Promise<void> {
  const { token } = clients[0]!;
  const visitors = await Promise.all(instances.map(({ ws }) => Client.welcomed(ws, { token })));
  for (const visitor of visitors) await visitor.join(OTHER_ROOM);
  const command = { type: "send", room: OTHER_ROOM, text: "Once", nonce: "once", ref: "once" };
  for (const visitor of visitors) visitor.send(command);
  const acks = await Promise.all(visitors.map((visitor) => visitor.next("ack")));
  for (const ack of acks) assertEquals(ack, acks[0], "each repeat has the first one's id");
  // Later as well.
  visitors[1]!.send(command);
  assertEquals(await visitors[1]!.next("ack"), acks[0]);
  for (const visitor of visitors) {
    await visitor.until(() => visitor.all("chat_message").length > 0, "the message");
    await visitor.settle();
    assertEquals(visitor.all("chat_message").map(({ id }) => id), [acks[0].id]);
  }
  const { messages } = await visitors[2]!.join(OTHER_ROOM);
  assert(messages.length === 1, "it is stored once");
  for (const visitor of visitors) await visitor.close();
}
