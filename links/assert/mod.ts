import assertStrict from "node:assert/strict";
import { inspect, stripVTControlCharacters } from "node:util";
import { equal } from "./equal.ts";

export { equal };

/** Says which expectation was not met. */
export class AssertionError extends Error {
  /** Takes the sentence. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

/** The values that count as false, but for NaN. */
export type Falsy = false | 0 | 0n | "" | null | undefined;

/** A list, or what is like one. */
export type ArrayLikeArg<T> = ArrayLike<T> & object;

/** Expects a value that counts as true. */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/** Expects a value that counts as false. */
export function assertFalse(expr: unknown, msg = ""): asserts expr is Falsy {
  if (expr) throw new AssertionError(msg);
}

/** Fails. */
export function fail(msg?: string): never {
  refuse("Failed assertion", msg);
}

/** Expects two values that are the same all the way down, as {@linkcode equal} has it. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) {
    refuse("Values are not equal", msg, diff(actual, expected, "deepStrictEqual"));
  }
}

/** Expects two values that are not the same all the way down. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) {
    refuse(`Expected actual: ${show(actual)} not to be: ${show(expected)}`, msg);
  }
}

/** Expects the same value, or the same object. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (!Object.is(actual, expected)) {
    refuse("Values are not strictly equal", msg, diff(actual, expected, "strictEqual"));
  }
}

/** Expects anything but `null` and `undefined`. */
export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) {
    refuse(`Expected actual: "${actual}" to not be null or undefined`, msg);
  }
}

/** Expects an instance of a class. */
export function assertInstanceOf<T extends abstract new (...args: never[]) => unknown>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is InstanceType<T> {
  if (!(actual instanceof expectedType)) {
    refuse(
      `Expected object to be an instance of "${expectedType.name}" but was "${nameOf(actual)}"`,
      msg,
    );
  }
}

/** Expects a text that has another in it. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  if (!actual.includes(expected)) {
    refuse(`Expected actual: "${actual}" to contain: "${expected}"`, msg);
  }
}

/** Expects a text that a pattern is found in. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  if (!expected.test(actual)) refuse(`Expected actual: "${actual}" to match: "${expected}"`, msg);
}

/** Expects a text that a pattern is not found in. */
export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void {
  if (expected.test(actual)) {
    refuse(`Expected actual: "${actual}" to not match: "${expected}"`, msg);
  }
}

/** Expects a list with all items of another, in any order. */
export function assertArrayIncludes<T>(
  actual: ArrayLikeArg<T>,
  expected: ArrayLikeArg<T>,
  msg?: string,
): void {
  const missing = Array.from(expected).filter((item) =>
    !Array.from(actual).some((other) => equal(item, other))
  );
  if (missing.length > 0) {
    refuse(
      `Expected actual: "${show(actual)}" to include: "${show(expected)}"`,
      msg,
      `missing: ${show(missing)}`,
    );
  }
}

/** Expects an object that has all of another in it. A list may go on after what is expected of it. */
export function assertObjectMatch(
  // deno-lint-ignore no-explicit-any
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  assertEquals(pick(actual, expected, new Map()), pick(expected, expected, new Map()), msg);
}

/** Expects two numbers that differ by no more than the tolerance: a ten-millionth if none is given. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance: number = Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const delta = Math.abs(expected - actual);
  if (delta <= tolerance) return;
  refuse(
    `Expected actual: "${actual}" to be close to "${expected}": delta "${delta}" is greater than "${tolerance}"`,
    msg,
  );
}

/** Expects `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual > expected)) refuseOrder(actual, ">", expected, msg);
}

/** Expects `actual >= expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual >= expected)) refuseOrder(actual, ">=", expected, msg);
}

/** Expects `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual < expected)) refuseOrder(actual, "<", expected, msg);
}

/** Expects `actual <= expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual <= expected)) refuseOrder(actual, "<=", expected, msg);
}

/** Expects a function that throws, whatever it is, and returns that. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Expects a function that throws an instance of a class, with a text in its message if one is given, and returns that. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: abstract new (...args: never[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  ...expectation: Expectation
): unknown {
  const { ErrorClass, includes, msg } = readExpectation(expectation);
  try {
    fn();
  } catch (error) {
    checkError(error, ErrorClass, includes, msg);
    return error;
  }
  refuse("Expected function to throw", msg);
}

/** Expects a function whose promise is rejected, with whatever it is, and returns that. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/** Expects a function whose promise is rejected with an instance of a class, and with a text in its message if one is given. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: abstract new (...args: never[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  ...expectation: Expectation
): Promise<unknown> {
  const { ErrorClass, includes, msg } = readExpectation(expectation);
  const promise = call(fn);
  if (typeof promise?.then !== "function") refuse("Function throws when expected to reject", msg);
  try {
    await promise;
  } catch (error) {
    checkError(error, ErrorClass, includes, msg);
    return error;
  }
  refuse("Expected function to reject", msg);
}

type ErrorType = abstract new (...args: never[]) => Error;

/** What an error is expected to be: a message for a failure, or a class, a text and that message. */
type Expectation = [msg?: string] | [ErrorClass: ErrorType, msgIncludes?: string, msg?: string];

function refuse(sentence: string, msg?: string, details?: string): never {
  const end = msg ? `: ${msg}` : ".";
  throw new AssertionError(details ? `${sentence}${end}\n${details}` : sentence + end);
}

function refuseOrder(actual: unknown, sign: string, expected: unknown, msg?: string): never {
  throw new AssertionError(msg ?? `Expect ${show(actual)} ${sign} ${show(expected)}`);
}

function show(value: unknown): string {
  return inspect(value, { depth: Infinity, sorted: true, maxArrayLength: Infinity });
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? value.constructor?.name ?? "Object" : typeof value;
}

function diff(actual: unknown, expected: unknown, operator: string): string {
  const { message } = new assertStrict.AssertionError({ actual, expected, operator });
  return message.slice(message.indexOf("\n") + 1);
}

function readExpectation([first, ...others]: Expectation) {
  return typeof first === "string"
    ? { msg: first }
    : { ErrorClass: first, includes: others[0], msg: others[1] };
}

function checkError(
  error: unknown,
  ErrorClass?: ErrorType,
  includes?: string,
  msg?: string,
): void {
  if (!ErrorClass) return;
  if (!(error instanceof Error)) refuse("A non-Error object was thrown", msg);
  if (!(error instanceof ErrorClass)) {
    refuse(
      `Expected error to be instance of "${ErrorClass.name}", but was "${nameOf(error)}"`,
      msg,
    );
  }
  const message = stripVTControlCharacters(error.message);
  if (includes && !message.includes(stripVTControlCharacters(includes))) {
    refuse(
      `Expected error message to include ${JSON.stringify(includes)}, but got ${
        JSON.stringify(error.message)
      }`,
      msg,
    );
  }
}

/** What a function returns, or nothing if it throws. */
function call(fn: () => PromiseLike<unknown>): PromiseLike<unknown> | undefined {
  try {
    return fn();
  } catch {
    return undefined;
  }
}

/** The part of a value that another speaks of. `met` holds the objects on the way here, so that a circle ends. */
function pick(value: unknown, of: unknown, met: Map<unknown, unknown>): unknown {
  if (!isOpen(value) || !isOpen(of)) return value;
  if (met.get(value) === of) return value;
  met.set(value, of);
  if (Array.isArray(value) && Array.isArray(of)) {
    return value.slice(0, of.length).map((item, i) => pick(item, of[i], met));
  }
  if (value instanceof Set && of instanceof Set) return value.intersection(of);
  if (value instanceof Map && of instanceof Map) {
    const shared = [...value].filter(([key]) => of.has(key));
    return new Map(shared.map(([key, item]) => [key, pick(item, of.get(key), met)]));
  }
  const shared = Reflect.ownKeys(value).filter((key) => Object.hasOwn(of, key));
  return Object.fromEntries(
    shared.map((key) => [key, pick(Reflect.get(value, key), Reflect.get(of, key), met)]),
  );
}

/** Whether a value is an object that is compared by its parts. */
function isOpen(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof Date) &&
    !(value instanceof RegExp);
}
