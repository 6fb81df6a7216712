import { assertEquals } from "@std/assert";
import * as outgoing from "../../static/js/state/outgoing.js";
import type { Outgoing } from "../../static/js/state/outgoing.js";

function item(nonce: string, more: Partial<Outgoing> = {}): Outgoing {
  return { nonce, kind: "send", room: "general", time: 0, text: nonce, ...more };
}

const sent = (nonce: string) => item(nonce, { attempted: true });
const edit = (nonce: string, of: string) => item(nonce, { kind: "edit", of });
const deletion = (nonce: string, of: string) => item(nonce, { kind: "delete", of });
const reaction = (nonce: string, on: boolean) =>
  item(nonce, { kind: "react", id: "m1", emoji: "👍", on });

/** The list as short words: its nonces, the text where it is another one, and what is known of each. */
function words(list: readonly Outgoing[]): string[] {
  return list.map(({ nonce, text, id, attempted, failed }) =>
    [
      nonce,
      text !== undefined && text !== nonce && `"${text}"`,
      id,
      attempted && "attempted",
      failed !== undefined && `failed: ${failed}`,
    ].filter(Boolean).join(" ")
  );
}

interface Case {
  readonly name: string;
  readonly list: readonly Outgoing[];
  readonly expected: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: "what is done later comes later",
    list: outgoing.add([item("a")], item("b")),
    expected: ["a", "b"],
  },
  {
    name: "what is added twice is there once",
    list: outgoing.add([item("a")], item("a")),
    expected: ["a"],
  },
  {
    name: "an edit of a message that never left is its new text",
    list: outgoing.add([item("a"), item("b")], edit("e", "a")),
    expected: ['a "e"', "b"],
  },
  {
    name: "an edit of a message that may have arrived goes after it",
    list: outgoing.add([sent("a"), item("b")], edit("e", "a")),
    expected: ["a attempted", "b", "e"],
  },
  {
    name: "an edit of a message that failed has it sent again",
    list: outgoing.add([item("a", { failed: "no" })], edit("e", "a")),
    expected: ['a "e"'],
  },
  {
    name: "a reaction that was taken back before it left was never there",
    list: outgoing.add([reaction("r", true), item("a")], reaction("q", false)),
    expected: ["a"],
  },
  {
    name: "a reaction that may have arrived is taken back after it",
    list: outgoing.add([{ ...reaction("r", true), attempted: true }], reaction("q", false)),
    expected: ["r m1 attempted", "q m1"],
  },
  {
    name: "what is about to leave is marked",
    list: outgoing.claim([item("a"), item("b")], "a"),
    expected: ["a attempted", "b"],
  },
  {
    name: "what somebody took back meanwhile does not leave",
    list: outgoing.claim([item("b")], "a"),
    expected: ["b"],
  },
  {
    name: "a message that is deleted before it left goes away with its deletion",
    list: outgoing.claim([item("a"), edit("e", "a"), deletion("d", "a"), item("b")], "d"),
    expected: ["b"],
  },
  {
    name: "a deletion waits for the id of a message that may have arrived",
    list: outgoing.claim([sent("a"), deletion("d", "a")], "d"),
    expected: ["a attempted", "d"],
  },
  {
    name: "a deletion of what is nowhere goes away",
    list: outgoing.claim([deletion("d", "a"), item("b")], "d"),
    expected: ["b"],
  },
  {
    name: "a confirmed message is out, and what changes it has its id",
    list: outgoing.settle([sent("a"), item("b"), edit("e", "a"), deletion("d", "a")], "a", "m1"),
    expected: ["b", "e m1", "d m1"],
  },
  {
    name: "a message that is refused for good is as it was last wanted",
    list: outgoing.fail([sent("a"), edit("e", "a"), edit("f", "a"), item("b")], "a", "too long"),
    expected: ['a "f" failed: too long', "b"],
  },
  {
    name: "a message that is refused and was to be deleted goes away",
    list: outgoing.fail([sent("a"), deletion("d", "a"), item("b")], "a", "too long"),
    expected: ["b"],
  },
  {
    name: "a reaction that is refused is not worth a word",
    list: outgoing.fail([reaction("r", true), item("b")], "r", "too many"),
    expected: ["b"],
  },
  {
    name: "what failed goes to the end when it is tried again",
    list: outgoing.retry([item("a", { failed: "no" }), item("b")], "a"),
    expected: ["b", "a"],
  },
  {
    name: "what is given up takes along what depends on it",
    list: outgoing.remove([item("a"), edit("e", "a"), item("b")], "a"),
    expected: ["b"],
  },
];

for (const { name, list, expected } of CASES) {
  Deno.test(`outgoing: ${name}`, () => assertEquals(words(list), expected));
}

Deno.test("each kind of thing becomes the command for it, and only a message has a nonce", () => {
  const room = "general";
  const commands = [
    item("a", { replyTo: "m0" }),
    item("e", { kind: "edit", id: "m1" }),
    item("d", { kind: "delete", id: "m1" }),
    reaction("r", false),
  ].map(outgoing.toCommand);
  assertEquals(commands, [
    { type: "send", ref: "a", nonce: "a", room, text: "a", reply_to: "m0" },
    { type: "edit", ref: "e", room, id: "m1", text: "e" },
    { type: "delete", ref: "d", room, id: "m1" },
    { type: "react", ref: "r", room, id: "m1", emoji: "👍", on: false },
  ]);
});
