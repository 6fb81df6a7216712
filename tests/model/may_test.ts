import { assertEquals } from "@std/assert";
import { type Action, type Circumstances, may } from "../../lib/model/may.ts";

const ALICE = { id: "alice0000000", name: "Alice" };
const BOB = { id: "bob000000000", name: "Bob" };
const CAROL = { id: "carol0000000", name: "Carol" };
const DIRECT = "~01ARZ3NDEKTSV4RRFFQ69G5FAV";

const ACTIONS: readonly Action[] = [
  "join",
  "read",
  "send",
  "typing",
  "react",
  "edit",
  "delete",
];
const NONE: readonly Action[] = [];
const BY_OTHERS = ACTIONS.filter((action) => action !== "edit" && action !== "delete");

const pair: Circumstances = { members: [ALICE, BOB] };
const author = ALICE.id;

/** Who wants something where, and all that they may do. */
const CASES: readonly [
  name: string,
  user: typeof ALICE,
  room: string,
  circumstances: Circumstances | undefined,
  allowed: readonly Action[],
][] = [
  ["anybody in a public room", CAROL, "tea", undefined, BY_OTHERS],
  ["an author in a public room", ALICE, "tea", { author }, ACTIONS],
  ["somebody else with a message in a public room", CAROL, "tea", { author }, BY_OTHERS],
  [
    "a moderator in a public room",
    CAROL,
    "tea",
    { author, moderator: true },
    [...BY_OTHERS, "delete"],
  ],
  ["one of the two in their direct room", BOB, DIRECT, { ...pair, author }, BY_OTHERS],
  ["an author in their direct room", ALICE, DIRECT, { ...pair, author }, ACTIONS],
  ["a third person in a direct room", CAROL, DIRECT, pair, NONE],
  ["a third person in a direct room, as the author", CAROL, DIRECT, {
    ...pair,
    author: CAROL.id,
  }, NONE],
  ["a moderator in the direct room of two others", CAROL, DIRECT, {
    ...pair,
    author,
    moderator: true,
  }, NONE],
  [
    "somebody with the name, but not the id, of one of the two",
    { ...CAROL, name: "Alice" },
    DIRECT,
    {
      ...pair,
      author,
    },
    NONE,
  ],
  ["anybody in a direct room of which nothing is known", ALICE, DIRECT, { author }, NONE],
  ["anybody in a direct room of nobody", ALICE, DIRECT, { members: [], author }, NONE],
  ["anybody in what is no room", ALICE, "Not a room", { ...pair, author }, NONE],
  ["anybody in what is no direct room", ALICE, "~alice", { ...pair, author }, NONE],
];

for (const [name, user, room, circumstances, allowed] of CASES) {
  Deno.test(`may says what is allowed to ${name}`, () => {
    const found = ACTIONS.filter((action) => may(user, action, room, circumstances));
    assertEquals(new Set(found), new Set(allowed));
  });
}
