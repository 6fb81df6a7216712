import { assertEquals } from "@std/assert";
import type { Outgoing } from "../../static/js/state/outgoing.js";
import { changesByTarget, overlay } from "../../static/js/state/overlay.js";
import type { Said } from "../../static/js/state/timeline.js";

const SAID: Said = {
  user_id: "bob",
  username: "Bob",
  text: "old",
  time: 1,
  reactions: { "👍": { count: 2, mine: true }, "🎉": { count: 1, mine: false } },
};

function change(kind: Outgoing["kind"], more: Partial<Outgoing> = {}): Outgoing {
  return { nonce: kind, kind, room: "general", time: 7, id: "m1", ...more };
}

const react = (emoji: string, on: boolean) => change("react", { emoji, on });
const { reactions: _, text: __, ...TOMBSTONE } = { ...SAID, deleted: true as const };

interface Case {
  readonly name: string;
  readonly changes: readonly Outgoing[];
  readonly message: Said;
}

const CASES: readonly Case[] = [
  { name: "nothing leaves the message as it is", changes: [], message: SAID },
  {
    name: "an edit is the text already",
    changes: [change("edit", { text: "one" }), change("edit", { text: "two" })],
    message: { ...SAID, text: "two", edited_at: 7 },
  },
  { name: "a deletion leaves a tombstone", changes: [change("delete")], message: TOMBSTONE },
  {
    name: "an edit does not bring a tombstone back",
    changes: [change("delete"), change("edit", { text: "one" })],
    message: TOMBSTONE,
  },
  {
    name: "reactions count already, and the last one leaves no trace",
    changes: [react("👍", false), react("🎉", true), react("👀", true), react("👀", false)],
    message: {
      ...SAID,
      reactions: { "👍": { count: 1, mine: false }, "🎉": { count: 2, mine: true } },
    },
  },
  {
    name: "a reaction that has come meanwhile does not count twice",
    changes: [react("👍", true)],
    message: SAID,
  },
  {
    name: "what failed does not show as done",
    changes: [change("edit", { text: "one", failed: "no" })],
    message: SAID,
  },
];

for (const { name, changes, message } of CASES) {
  Deno.test(`overlay: ${name}`, () => assertEquals(overlay(SAID, changes, 0).message, message));
}

Deno.test("a deletion can be taken back for a while", () => {
  const changes = [change("delete", { notBefore: 5_000 })];
  assertEquals(overlay(SAID, changes, 4_999).undo, "delete");
  assertEquals(overlay(SAID, changes, 5_000).undo, undefined);
});

Deno.test("what is not saved is told apart from what waits", () => {
  const failed = change("edit", { failed: "no" });
  const told = overlay(SAID, [failed], 0);
  assertEquals([told.unsaved, told.changing], [failed, false]);
  assertEquals(overlay(SAID, [change("edit")], 0).changing, true);
});

Deno.test("changes are found by the id of their message, or by its nonce before it has one", () => {
  const { id: _, ...early } = change("edit");
  const changes = changesByTarget([change("react"), { ...early, of: "n1" }, change("delete")]);
  assertEquals(changes.get("m1")?.map(({ kind }) => kind), ["react", "delete"]);
  assertEquals(changes.get("n1")?.map(({ kind }) => kind), ["edit"]);
});
