import { assert, assertEquals } from "@std/assert";
import type { Member } from "../../lib/chat/members.ts";
import type { Room } from "../../lib/chat/room.ts";
import type { Message } from "../../lib/model/message.ts";
import { viewMessage } from "../../lib/wire/encode.ts";
import { assertHolds } from "./holds.ts";
import type { SimulatedClient } from "./simulated_client.ts";
import type { SimulatedInstance } from "./simulated_instance.ts";
import type { World } from "./world.ts";

/** More messages than a run makes. */
const ALL = 1_000_000;

/** A run at its end, when all is quiet. */
export interface Run {
  readonly world: World;
  readonly rooms: readonly string[];
  readonly clients: readonly SimulatedClient[];
  readonly instances: readonly SimulatedInstance[];
}

/** And what the store then holds of each room. */
interface Outcome extends Run {
  readonly stored: ReadonlyMap<string, readonly Message[]>;
}

/** Fails unless everybody ended with what the store holds, and the store holds what everybody sent. */
export async function checkOutcome(run: Run): Promise<void> {
  const { clients, rooms, world } = run;
  const stored = new Map<string, readonly Message[]>();
  for (const room of rooms) stored.set(room, await world.truth.held.page(room, { limit: ALL }));
  const outcome = { ...run, stored };
  for (const client of clients) checkClient(client, outcome);
  for (const room of rooms) await checkRoom(room, outcome);
  checkSent(outcome);
  await checkDeleted(outcome);
}

/** A client has the messages of the store, and has nothing left to do. */
function checkClient({ name, user, places }: SimulatedClient, { world, stored }: Outcome): void {
  for (const [room, place] of places) {
    assert(place.isInside, `${name} never came back to ${room}`);
    assert(place.isDone, `${name} got no answer in ${room}`);
    assertEquals(place.room.seq, world.log.head(room), `${name} has not heard all of ${room}`);
    assertEquals(place.room.heldFrom, 1, `${name} could not read the beginning of ${room}`);
    const expected = stored.get(room)!.map((message) => viewMessage(message, user.id));
    assertHolds(place.room.messages, expected, `${name} has what the store has of ${room}`);
  }
}

/** Every instance has the people and the newest messages of the store, and the people are those who are there. */
async function checkRoom(
  name: string,
  { world, clients, instances, stored }: Outcome,
): Promise<void> {
  const { faults, log, truth } = world;
  const people = (await truth.held.people(name)).users.map(({ id }) => id).sort();
  const here = clients.filter(({ places }) => places.has(name));
  assertEquals(people, [...new Set(here.map(({ user }) => user.id))].sort(), `people of ${name}`);
  for (const client of here) {
    const known = [...client.places.get(name)!.room.people].sort();
    assertEquals(known, people, `people of ${name}, as ${client.name} knows them`);
  }
  const all = stored.get(name)!;
  const most = all.filter(({ deleted }) => !deleted).length;
  for (const instance of instances) {
    const room = instance.lobby.get(name);
    if (!room) continue;
    const where = `${name} at ${instance.name}`;
    const { seq, messages, users } = lookInto(room);
    assertEquals(seq, log.head(name), `the head of ${where}`);
    assertEquals(users.map(({ id }) => id).sort(), people, `people of ${where}`);
    assert(messages.length >= Math.min(faults.historyInMemory, most), `the history of ${where}`);
    const from = messages[0]?.pos ?? Infinity;
    assertHolds(messages, all.filter(({ pos }) => pos >= from), `the history of ${where}`);
  }
}

/** What was acknowledged was stored once, in the order of its sender, and nothing else was. */
function checkSent({ world, rooms, clients }: Outcome): void {
  const { log } = world;
  const entries = rooms.flatMap((room) => log.entries(room));
  const made = entries.filter(({ change }) => change.type === "chat_message");
  const stored = new Set(made.map(({ nonce }) => nonce!));
  const expected = clients.flatMap(({ wanted, refused }) =>
    [...wanted].filter(([ref, { type }]) => type === "send" && !refused.has(ref))
      // A store that was wound back has lost some that their senders know to be stored.
      .map(([ref]) => ref).filter((ref) => stored.has(ref) || !log.hasUndone(ref))
  );
  assertEquals([...stored].sort(), expected.sort(), "what was said is stored");

  const commands = new Map(clients.flatMap(({ wanted }) => [...wanted]));
  const texts = new Set([...commands.values()].map((command) => "text" in command && command.text));
  for (const { change, nonce } of entries) {
    if (nonce !== undefined) {
      const command = commands.get(nonce);
      assert(command?.type === "send" && "text" in change && command.text === change.text);
      assertEquals(change.room, command.room);
    }
    if ("text" in change) assert(texts.has(change.text), `nobody ever said ${change.text}`);
  }
  for (const client of clients) checkOrder(client, world, made.map(({ nonce }) => nonce!));
}

function checkOrder({ name, window, wanted }: SimulatedClient, { log }: World, nonces: string[]) {
  const isInOrder = (nonce: string) =>
    !log.hasUndone(nonce) && (window === 1 || !log.hasLost(nonce));
  const own = nonces.filter((nonce) => wanted.has(nonce) && isInOrder(nonce));
  for (const room of new Set(own.map((nonce) => wanted.get(nonce)!.room))) {
    const numbers = own.filter((nonce) => wanted.get(nonce)!.room === room)
      .map((nonce) => Number(nonce.split(":")[1]));
    assertEquals(numbers, numbers.toSorted((one, other) => one - other), `${name} in ${room}`);
  }
}

/** Of what was deleted no text is left anywhere. */
async function checkDeleted(outcome: Outcome): Promise<void> {
  const { world, rooms, clients, instances, stored } = outcome;
  const { log, truth } = world;
  const changes = await Promise.all(rooms.map((room) => truth.held.changes(room, 0, ALL)));
  const gone = log.deletedTexts;
  const left = [
    ...[...stored.values()].flat(),
    ...changes.flat(),
    ...clients.flatMap(({ places }) => [...places.values()].flatMap(({ room }) => room.messages)),
    ...instances.flatMap(({ lobby }) =>
      lobby.names.flatMap((name) => lookInto(lobby.get(name)!).messages)
    ),
  ];
  for (const said of left) {
    if ("text" in said) assert(!gone.has(said.text!), `"${said.text}" was deleted`);
  }
}

function lookInto(room: Room): ReturnType<Room["join"]> {
  const nobody: Member = { user: { id: "", name: "" }, plain: false, receive: () => {} };
  const entrance = room.join(nobody, ALL);
  room.leave(nobody);
  return entrance;
}
