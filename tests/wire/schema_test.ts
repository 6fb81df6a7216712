import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import * as v from "valibot";
import { parseCommands } from "../../lib/wire/parse.ts";

// What protocol.md says of commands, by a validator of general use: the parser's own checks must agree with it.

const characters = (most: number) => v.check((text: string) => [...text].length <= most);
const shortText = v.pipe(v.string(), v.nonEmpty(), characters(64));
const seq = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
// To valibot an array is an object too.
const object = v.custom<Record<string, unknown>>((value) => !Array.isArray(value));
const since = v.pipe(object, v.looseObject({ epoch: v.string(), seq }));
const ref = v.optional(v.union([shortText, v.pipe(v.number(), v.finite())]));
const room = v.string();
const text = v.string();
const id = shortText;
const on = v.boolean();

const FIELDS = {
  join: { room, since: v.optional(since), limit: v.optional(seq) },
  leave: { room },
  send: { room, text, nonce: v.optional(shortText), reply_to: v.optional(shortText) },
  edit: { room, id, text },
  delete: { room, id },
  react: { room, id, emoji: shortText, on },
  typing: { room, on },
  read: { room, seq },
  ping: {},
} as const;
const TYPES = Object.keys(FIELDS) as (keyof typeof FIELDS)[];

const anyCommand = v.pipe(object, v.looseObject({ ref }));
const command = v.pipe(
  object,
  v.variant(
    "type",
    TYPES.map((type) => v.looseObject({ ...FIELDS[type], type: v.literal(type), ref })),
  ),
);
const strangeType = v.looseObject({ type: v.pipe(v.string(), v.notValues(TYPES)) });

/** What becomes of a value by the schema: the code of its refusal, or none. */
function refusalOf(value: unknown): string | undefined {
  if (v.is(command, value)) return undefined;
  return v.is(anyCommand, value) && v.is(strangeType, value) ? "unknown_type" : "bad_request";
}

/** Texts around the limit of 64, of characters that take one, two and three UTF-16 units or bytes. */
const texts = fc.tuple(
  fc.constantFrom("a", "é", "界", "👋"),
  fc.constantFrom(0, 1, 63, 64, 65, 128),
)
  .map(([character, times]) => character.repeat(times));
const numbers = fc.oneof(
  fc.constantFrom(0, -0, -1, 0.5, 2 ** 53 - 1, 2 ** 53, 1e300, -(2 ** 53)),
  fc.integer(),
);
const places = fc.record({
  epoch: fc.oneof(texts, fc.jsonValue()),
  seq: fc.oneof(numbers, fc.jsonValue()),
}, { requiredKeys: [] });
const values = fc.oneof(
  texts,
  numbers,
  fc.boolean(),
  fc.constantFrom(...TYPES),
  places,
  fc.jsonValue(),
);

const aSeq = fc.nat();
const aText = fc.string({ minLength: 1, maxLength: 32 });
const aPlace = fc.record({ epoch: fc.string(), seq: aSeq });
const VALID: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  ref: fc.oneof(aText, fc.double({ noNaN: true, noDefaultInfinity: true })),
  room: fc.string(),
  text: fc.string(),
  id: aText,
  nonce: aText,
  reply_to: aText,
  emoji: aText,
  on: fc.boolean(),
  seq: aSeq,
  limit: aSeq,
  since: aPlace,
};
const OPTIONAL = ["ref", "since", "limit", "nonce", "reply_to"];

/** Commands that the server takes. */
const commands = fc.constantFrom(...TYPES).chain((type) => {
  const fields = ["ref", ...Object.keys(FIELDS[type])];
  const model: Record<string, fc.Arbitrary<unknown>> = { type: fc.constant(type) };
  for (const name of fields) model[name] = VALID[name]!;
  const requiredKeys = Object.keys(model).filter((name) => !OPTIONAL.includes(name));
  return fc.record(model, { requiredKeys });
});

/** The same with some fields left out, added or changed. */
const mutated = fc.tuple(
  commands,
  fc.array(
    fc.tuple(fc.constantFrom("type", ...Object.keys(VALID)), fc.option(values)),
    { minLength: 1, maxLength: 2 },
  ),
).map(([valid, changes]) => {
  const command = { ...valid };
  for (const [name, value] of changes) {
    if (value === null) delete command[name];
    else command[name] = value;
  }
  return command;
});

/** What the parser makes of a value that stands alone in an array. */
function parse(value: unknown) {
  const [one, ...rest] = parseCommands(JSON.stringify([value]));
  assertEquals(rest, []);
  return one!;
}

function agree(value: unknown): void {
  const crossed = JSON.parse(JSON.stringify(value));
  const parsed = parse(value);
  const code = refusalOf(crossed);
  if (code === undefined) assertEquals<unknown>(parsed, crossed);
  else assertEquals(parsed.type === "error" ? parsed.code : "taken", code, JSON.stringify(value));
}

Deno.test("parseCommands takes each command that the schema takes, as it is", () => {
  fc.assert(
    fc.property(commands, (value) => {
      assertEquals(refusalOf(JSON.parse(JSON.stringify(value))), undefined);
      agree(value);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("parseCommands refuses commands that were changed when the schema does, by the same code", () => {
  fc.assert(fc.property(mutated, agree), { numRuns: 3000 });
});

Deno.test("parseCommands and the schema agree on any JSON value", () => {
  fc.assert(fc.property(values, agree), { numRuns: 1000 });
});

Deno.test("parseCommands gives the ref of a refused command back exactly if it is one", () => {
  fc.assert(
    fc.property(mutated, (value) => {
      const parsed = parse(value);
      if (parsed.type !== "error") return;
      const crossed = JSON.parse(JSON.stringify(value));
      assertEquals(parsed.ref, v.is(ref, crossed.ref) ? crossed.ref : undefined);
    }),
    { numRuns: 1000 },
  );
});

for (const frame of ['{"type":"ping","ref":1e999}', '{"type":"read","room":"a","seq":1e999}']) {
  Deno.test(`parseCommands and the schema refuse a number that is too large for one: ${frame}`, () => {
    assertEquals(refusalOf(JSON.parse(frame)), "bad_request");
    assertEquals(parseCommands(frame).map(({ type }) => type), ["error"]);
  });
}
