import { assertEquals } from "@std/assert";
import { CLOSE } from "../../lib/wire/codes.ts";
import type { ErrorCode } from "../../lib/wire/codes.ts";
import {
  deedSentence,
  errorSentence,
  refusalSentence,
  roomSentence,
} from "../../static/js/refusal.js";

const DIRECT = "~01ARZ3NDEKTSV4RRFFQ69G5FAV";
const OWN: readonly ErrorCode[] = ["unknown_type", "unauthorized", "room_full"];
const THEIRS: readonly ErrorCode[] = [
  "bad_request",
  "too_long",
  "rate_limited",
  "not_joined",
  "not_found",
  "forbidden",
  "name_taken",
  "bad_name",
  "too_many",
  "unavailable",
];

for (const code of THEIRS) {
  Deno.test(`of ${code} the server's own sentence tells, with an end to it`, () => {
    assertEquals(errorSentence({ code, message: "Not so" }), "Not so.");
    assertEquals(errorSentence({ code, message: "Why not?" }), "Why not?");
  });
}

for (const code of OWN) {
  Deno.test(`of ${code} the page says what can be done`, () => {
    const sentence = errorSentence({ code, message: "Not so" });
    assertEquals([sentence === "Not so.", /(Reload|Try) .*\.$/.test(sentence)], [false, true]);
  });
}

Deno.test("a room that lets nobody in is told by what it is, not by its name", () => {
  const forbidden = { code: "forbidden", message: `You may not join "${DIRECT}"` };
  assertEquals(
    roomSentence(forbidden, DIRECT),
    "This conversation is between two other people.",
  );
  assertEquals(roomSentence(forbidden, "den"), "This room does not let you in.");
  assertEquals(/Leave one/.test(roomSentence({ code: "too_many", message: "" }, "den")), true);
});

Deno.test("an answer to a message that is gone says so", () => {
  const error = { code: "not_found", message: 'There is no message "1" in this room' };
  assertEquals(deedSentence(error), "The message that this one answers is gone.");
});

Deno.test("whoever may not come back is told why, for each close code that says so", () => {
  const { nameTaken, policy, removed, takenOver, unauthorized } = CLOSE;
  for (const code of [nameTaken, policy, removed, takenOver, unauthorized]) {
    assertEquals(/\.$/.test(refusalSentence(code, "", "Alice") ?? ""), true, String(code));
  }
  assertEquals(refusalSentence(CLOSE.restarted, "", "Alice"), undefined);
});
