import { assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import { parseCommands } from "../../lib/wire/parse.ts";

const COMMANDS: [name: string, command: Record<string, unknown>][] = [
  ["a join", { type: "join", room: "general" }],
  ["a join with all fields", {
    type: "join",
    ref: 1,
    room: "general",
    since: { epoch: "e", seq: 4 },
    limit: 10,
  }],
  ["a leave", { type: "leave", ref: "r", room: "general" }],
  ["a send", { type: "send", room: "general", text: "hello" }],
  ["a send with all fields", {
    type: "send",
    ref: "r",
    room: "general",
    text: "",
    nonce: "n".repeat(64),
    reply_to: "01ARZ3NDEKTSV4RRFFQ69G5FAV",
  }],
  ["an edit", { type: "edit", room: "general", id: "i", text: "better" }],
  ["a delete", { type: "delete", room: "general", id: "i" }],
  ["a reaction", { type: "react", room: "general", id: "i", emoji: "👍", on: true }],
  ["typing", { type: "typing", room: "general", on: false }],
  ["how far one has read", { type: "read", room: "general", seq: 7 }],
  ["a ping", { type: "ping" }],
  ["fields that nobody knows", { type: "ping", ref: 0.5, colour: "red", text: 7 }],
];

for (const [name, command] of COMMANDS) {
  Deno.test(`parseCommands reads ${name}`, () => {
    assertEquals(parseCommands(JSON.stringify(command)) as unknown, [command]);
  });
}

const REFUSED: [name: string, frame: string, code: string, part: string, ref?: string | number][] =
  [
    ["what is not JSON", "hello", "bad_request", "not JSON"],
    ["an empty frame", "", "bad_request", "not JSON"],
    ["a number", "7", "bad_request", "it is 7"],
    ["null", "null", "bad_request", "it is null"],
    ["a string", '"send"', "bad_request", "a string of 4"],
    ["an empty array", "[]", "bad_request", "it is empty"],
    ["an array in an array", '[[{"type":"ping"}]]', "bad_request", "an array"],
    ["a command without a type", '{"ref":1}', "bad_request", '"type"', 1],
    ["a type that is no string", '{"type":1}', "bad_request", '"type"'],
    ["a type that nobody knows", '{"type":"dance","ref":"a"}', "unknown_type", '"dance"', "a"],
    ["the name of what every object has", '{"type":"constructor"}', "unknown_type", "constructor"],
    ["a send without a room", '{"type":"send","text":"a","ref":2}', "bad_request", '"room"', 2],
    ["a send without a text", '{"type":"send","room":"a"}', "bad_request", '"text"'],
    ["a text that is a number", '{"type":"send","room":"a","text":1}', "bad_request", "it is 1"],
    [
      "an empty nonce",
      '{"type":"send","room":"a","text":"a","nonce":""}',
      "bad_request",
      '"nonce"',
    ],
    [
      "a nonce of 65 characters",
      JSON.stringify({ type: "send", room: "a", text: "a", nonce: "n".repeat(65) }),
      "bad_request",
      "a string of 65",
    ],
    ["a negative limit", '{"type":"join","room":"a","limit":-1}', "bad_request", '"limit"'],
    ["a since of another shape", '{"type":"join","room":"a","since":7}', "bad_request", '"since"'],
    ["a place before the first", '{"type":"read","room":"a","seq":-1}', "bad_request", '"seq"'],
    ["typing without on", '{"type":"typing","room":"a"}', "bad_request", '"on"'],
    ["a ref that is an object", '{"type":"ping","ref":{}}', "bad_request", '"ref"'],
  ];

for (const [name, frame, code, part, ref] of REFUSED) {
  Deno.test(`parseCommands refuses ${name}`, () => {
    const [error, ...rest] = parseCommands(frame);
    assertEquals(rest, []);
    if (error?.type !== "error") throw new Error(`not refused: ${JSON.stringify(error)}`);
    assertEquals([error.code, error.ref], [code, ref]);
    assertStringIncludes(error.message, part);
  });
}

Deno.test("parseCommands keeps the order of an array, with errors in their places", () => {
  const types = parseCommands('[{"type":"ping"},7,{"type":"leave","room":"a"}]').map(({ type }) =>
    type
  );
  assertEquals(types, ["ping", "error", "leave"]);
});

const TYPES = [
  "join",
  "leave",
  "send",
  "edit",
  "delete",
  "react",
  "typing",
  "ping",
  "error",
  "__proto__",
];
const FIELDS = ["ref", "room", "text", "id", "nonce", "reply_to", "emoji", "on", "since", "limit"];

Deno.test("parseCommands makes commands or errors of any frame, and never throws", () => {
  const anyCommand = fc.tuple(
    fc.constantFrom(...TYPES),
    fc.dictionary(fc.constantFrom(...FIELDS), fc.jsonValue()),
  ).map(([type, fields]) => ({ ...fields, type }));
  const frames = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    anyCommand.map((command) => JSON.stringify(command)),
    fc.array(fc.oneof(anyCommand, fc.jsonValue())).map((commands) => JSON.stringify(commands)),
  );
  fc.assert(
    fc.property(frames, (frame) => {
      const parsed = parseCommands(frame);
      const known = parsed.every(({ type }) => TYPES.slice(0, 9).includes(type));
      return parsed.length >= 1 && known;
    }),
    { numRuns: 2000 },
  );
});
