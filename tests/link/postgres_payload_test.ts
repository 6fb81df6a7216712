import { assert, assertEquals } from "@std/assert";
import { LINK_VERSION, type Post } from "../../lib/link/link.ts";
import { MAX_PAYLOAD_BYTES, packPost } from "../../lib/link/postgres_payload.ts";

const HEAD = { v: LINK_VERSION, from: "one", epoch: "e" };
const ALICE = { id: "alice0000000", name: "Alice 👩‍👩‍👧‍👦" };

function many<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function parse(payloads: readonly string[]): Post[] {
  for (const payload of payloads) {
    const { length } = new TextEncoder().encode(payload);
    assert(length <= MAX_PAYLOAD_BYTES, `a payload has ${length} bytes`);
  }
  return payloads.map((payload) => JSON.parse(payload));
}

Deno.test("packPost leaves a post whole that is short enough", () => {
  const post: Post = { ...HEAD, changes: [], heads: [{ room: "a", seq: 1 }], moves: [] };
  assertEquals(parse(packPost(post)), [post]);
});

Deno.test("packPost parts a post that is too long, and loses and repeats nothing of it", () => {
  const post: Post = {
    ...HEAD,
    heads: many(500, (seq) => ({ room: `room-${seq}`, seq })),
    moves: many(200, (rev) => ({ room: "a", user: ALICE, on: true, rev })),
    typing: many(100, (i) => ({ room: `${i}`, user: ALICE, on: true })),
    reads: many(100, (seq) => ({ userId: ALICE.id, room: "a", seq })),
    directs: many(100, (i) => ({ room: `~${i}`, users: [ALICE, ALICE] })),
    takenOver: many(1000, (i) => `user${String(i).padStart(8, "0")}`),
  };
  const posts = parse(packPost(post));
  for (const { v, from, epoch } of posts) assertEquals({ v, from, epoch }, HEAD);
  for (const list of ["heads", "moves", "typing", "reads", "directs", "takenOver"] as const) {
    assertEquals(posts.flatMap((part) => [...part[list] ?? []]), [...post[list]!]);
  }
  assert(posts.length < 20, `it took ${posts.length} payloads`);
});

Deno.test("packPost counts bytes and not characters", () => {
  const moves = many(
    40,
    (rev) => ({ room: "a", user: { id: "x", name: "𝒳".repeat(60) }, on: true, rev }),
  );
  const posts = parse(packPost({ ...HEAD, moves }));
  assertEquals(posts.flatMap(({ moves = [] }) => moves.map(({ rev }) => rev)), many(40, (i) => i));
});

Deno.test("packPost leaves out what is too long alone, and keeps the rest", () => {
  const moves = many(3, (rev) => ({
    room: "a",
    user: { id: "x", name: rev === 1 ? "x".repeat(9000) : "Bob" },
    on: true,
    rev,
  }));
  const posts = parse(packPost({ ...HEAD, moves }));
  assertEquals(posts.flatMap(({ moves = [] }) => moves.map(({ rev }) => rev)), [0, 2]);
});

Deno.test("packPost tells of direct rooms before it tells what is said in them", () => {
  const directs = many(100, (i) => ({ room: `~${i}`, users: [ALICE, ALICE] as const }));
  const heads = many(100, (i) => ({ room: `~${i}`, seq: 1 }));
  const posts = parse(packPost({ ...HEAD, heads, directs }));
  const last = posts.findLastIndex(({ directs = [] }) => directs.length > 0);
  const first = posts.findIndex(({ heads = [] }) => heads.length > 0);
  assert(posts.length > 1 && last <= first, `${last} of ${posts.length} comes after ${first}`);
});
