import type { SimulatedClient } from "./simulated_client.ts";
import type { World } from "./world.ts";

const EMOJI = ["👍", "🎉", "❤️"];

/** Lets a client do one thing, as a person might. */
export function doSomething(client: SimulatedClient, rooms: readonly string[], world: World): void {
  const { faults, random } = world;
  if (random.chance(faults.breaks)) return loseConnection(client, world);
  const room = random.pick([...client.places.keys(), random.pick(rooms)]);
  const place = client.places.get(room);
  if (!place) return client.join(room);

  const deed = random.next();
  if (deed < 0.55) return say(client, room, world);
  if (deed < 0.6) return client.send({ type: "typing", room, on: true });
  if (deed < 0.63) return place.isInside ? place.join() : undefined;
  if (deed < 0.66) return client.leave(room);
  const messages = place.room.messages.filter((message) => !message.deleted);
  const own = messages.filter(({ user_id }) => user_id === client.user.id);
  if (deed < 0.8) {
    if (own.length === 0) return;
    const { id } = random.pick(own);
    const type = random.pick(["edit", "edit", "delete"]);
    if (type === "edit") client.do({ type, room, id, text: newText(world) });
    else client.do({ type: "delete", room, id });
  } else if (messages.length > 0) {
    const { id } = random.pick(messages);
    const emoji = random.pick(EMOJI);
    client.do({ type: "react", room, id, emoji, on: random.chance(0.6) });
  }
}

function say(client: SimulatedClient, room: string, world: World): void {
  const { random } = world;
  const count = random.chance(0.1) ? 5 : 1;
  for (let said = 0; said < count; said++) {
    const earlier = client.places.get(room)?.room.messages.at(-1);
    const reply = earlier && random.chance(0.1) ? { reply_to: earlier.id } : {};
    client.do({ type: "send", room, text: newText(world), ...reply });
  }
}

function loseConnection(client: SimulatedClient, { random }: World): void {
  const way = random.next();
  if (way < 0.6) client.break();
  else if (way < 0.75) client.hangUp(1001);
  else if (way < 0.9) client.hangUp(1000);
  else client.forget();
}

/** A text that nobody else ever says, so that it is known again wherever it turns up. */
function newText({ random }: World): string {
  return `text ${random.integer(0, 2 ** 48)}`;
}
