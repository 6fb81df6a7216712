import type { Head } from "./store.ts";

/** Where the rooms stand whose names are the arguments from `first` on: their seqs, and their revs. */
export const HEADS = `
local function heads(first)
  local rooms = {}
  for i = first, #ARGV do table.insert(rooms, ARGV[i]) end
  return {many('HMGET', key('seq'), rooms), many('HMGET', key('rev'), rooms)}
end
`;

/** Makes heads of what {@linkcode HEADS} answers; a room that has none stands at 0. */
export function toHeads(
  rooms: readonly string[],
  seqs: readonly (string | null)[],
  revs: readonly (string | null)[],
): Head[] {
  return rooms.map((room, i) => ({ room, seq: Number(seqs[i]), rev: Number(revs[i]) }));
}
