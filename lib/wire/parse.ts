import type { Command, ErrorEvent, Ref } from "./protocol.ts";
import type { ErrorCode } from "./codes.ts";
import { exceedsChars } from "../model/names.ts";
import { MAX_REF_CHARS } from "./protocol.ts";

/** What one field of a command must be. */
interface Field {
  readonly name: string;
  readonly optional?: true;
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

const isText = (value: unknown) => typeof value === "string";
const isShortText = (value: unknown) =>
  typeof value === "string" && value !== "" && !exceedsChars(value, MAX_REF_CHARS);
const isBoolean = (value: unknown) => typeof value === "boolean";
const isSeq = (value: unknown) => Number.isSafeInteger(value) && value as number >= 0;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isRef = (value: unknown) => isShortText(value) || Number.isFinite(value);
const isSince = (value: unknown) =>
  isObject(value) && typeof value.epoch === "string" && isSeq(value.seq);

const shortText = `a string of 1 to ${MAX_REF_CHARS} characters`;
const room: Field = { name: "room", expected: "a string", fits: isText };
const text: Field = { name: "text", expected: "a string", fits: isText };
const id: Field = { name: "id", expected: shortText, fits: isShortText };
const on: Field = { name: "on", expected: "true or false", fits: isBoolean };

const FIELDS: ReadonlyMap<unknown, readonly Field[]> = new Map<Command["type"], readonly Field[]>([
  ["join", [
    room,
    { name: "since", optional: true, expected: "{epoch: string, seq: number}", fits: isSince },
    { name: "limit", optional: true, expected: "a whole number from 0", fits: isSeq },
  ]],
  ["leave", [room]],
  ["send", [
    room,
    text,
    { name: "nonce", optional: true, expected: shortText, fits: isShortText },
    { name: "reply_to", optional: true, expected: shortText, fits: isShortText },
  ]],
  ["edit", [room, id, text]],
  ["delete", [room, id]],
  ["react", [room, id, { name: "emoji", expected: shortText, fits: isShortText }, on]],
  ["typing", [room, on]],
  ["read", [room, { name: "seq", expected: "a whole number from 0", fits: isSeq }]],
  ["ping", []],
]);

/**
 * Reads a frame: one command, or an array of them.
 *
 * Never throws. What is not a command becomes the `error` that its sender should get, in its place.
 */
export function parseCommands(frame: string): readonly (Command | ErrorEvent)[] {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return [
      refusal("bad_request", "A frame must be a JSON object or an array of them: this is not JSON"),
    ];
  }
  if (!Array.isArray(value)) return [parseCommand(value)];
  if (value.length === 0) {
    return [refusal("bad_request", "An array of commands must hold at least one: it is empty")];
  }
  return value.map(parseCommand);
}

function parseCommand(value: unknown): Command | ErrorEvent {
  if (!isObject(value)) {
    return refusal("bad_request", `A command must be a JSON object: it is ${kindOf(value)}`);
  }
  if (value.ref !== undefined && !isRef(value.ref)) {
    return refusal("bad_request", misfit("ref", `${shortText}, or a number`, value.ref));
  }
  const ref = value.ref as Ref | undefined;
  const fields = FIELDS.get(value.type);
  if (!fields) {
    return typeof value.type === "string"
      ? refusal("unknown_type", `There is no command "${clip(value.type)}"`, ref)
      : refusal("bad_request", misfit("type", "a string", value.type), ref);
  }
  for (const { name, optional, expected, fits } of fields) {
    const field = value[name];
    if (field === undefined && optional) continue;
    if (!fits(field)) return refusal("bad_request", misfit(name, expected, field), ref);
  }
  return value as unknown as Command;
}

/** An `error` event, with the `ref` of the command that it answers. */
export function refusal(code: ErrorCode, message: string, ref?: Ref): ErrorEvent {
  return ref === undefined
    ? { type: "error", code, message }
    : { type: "error", ref, code, message };
}

function misfit(field: string, expected: string, value: unknown): string {
  return `Cannot take "${field}" as it must be ${expected}: it is ${kindOf(value)}`;
}

function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "string") return `a string of ${value.length}`;
  if (typeof value === "object") return "an object";
  return String(value);
}

function clip(text: string): string {
  return text.length <= 32 ? text : `${text.slice(0, 32).toWellFormed()}…`;
}
