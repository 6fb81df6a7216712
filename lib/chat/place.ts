import type { Store } from "../store/store.ts";

/**
 * The place of a room's first message that was sent at a time, in milliseconds since 1970, or later; the place after its
 * newest change if there is none.
 *
 * Times are taken to rise with places, so that 20 messages are read of a million.
 */
export async function placeOf(
  store: Pick<Store, "heads" | "page">,
  room: string,
  time: number,
): Promise<number> {
  const { heads: [head] } = await store.heads([room]);
  let found = head!.seq + 1;
  let [from, to] = [1, found];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const [message] = await store.page(room, { after: middle - 1, first: true, limit: 1 });
    if (message === undefined || message.time >= time) {
      found = message?.pos ?? found;
      to = middle;
    } else {
      from = message.pos + 1;
    }
  }
  return found;
}
