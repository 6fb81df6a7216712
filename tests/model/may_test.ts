import { assertEquals } from "@std/assert";
import { type Action, type Circumstances, may } from "../../lib/model/may.ts";

const ALICE = { id: "alice0000000", name: "Alice" };
const BOB = { id: "bob000000000", name: "Bob" };
const CAROL = { id: "carol0000000", name: "Carol" };
const DIRECT = "~01ARZ3NDEKTSV4RRFFQ69G5FAV";
const direct = { users: [ALICE, BOB] };

const CASES: [
  sentence: string,
  action: Action,
  room: string,
  known: Circumstances,
  may: boolean,
][] = [
  ["anybody may join a room of everybody", "join", "general", {}, true],
  ["nobody may join what is no room", "join", "No Room", {}, false],
  ["nobody may join a room of the server's own that is none", "join", "~alice", {}, false],
  ["people edit what they wrote", "edit", "general", { author: ALICE.id }, true],
  ["nobody edits what another wrote", "edit", "general", { author: BOB.id }, false],
  ["not even a moderator does", "edit", "general", { author: BOB.id, moderator: true }, false],
  ["people delete what they wrote", "delete", "general", { author: ALICE.id }, true],
  ["a moderator deletes what another wrote", "delete", "general", {
    author: BOB.id,
    moderator: true,
  }, true],
  ["one of two may join their room", "join", DIRECT, { direct }, true],
  ["one of two may read it", "read", DIRECT, { direct }, true],
  ["one of two may not edit what the other wrote", "edit", DIRECT, {
    direct,
    author: BOB.id,
  }, false],
  ["nobody may read a direct room that is not there", "read", DIRECT, {}, false],
];

for (const [sentence, action, room, known, expected] of CASES) {
  Deno.test(`may: ${sentence}`, () => assertEquals(may(ALICE, action, room, known), expected));
}

Deno.test("may: a third person may do nothing in a room of two, moderator or not", () => {
  const actions: Action[] = ["join", "read", "send", "typing", "react", "edit", "delete"];
  for (const action of actions) {
    const known = { direct, author: CAROL.id, moderator: true };
    assertEquals(may(CAROL, action, DIRECT, known), false, action);
  }
});
