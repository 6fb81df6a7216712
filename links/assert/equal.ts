/**
 * Whether two values are the same all the way down.
 *
 * 0 is -0, an object without a prototype is like any other, a key that holds `undefined` is not one that is missing, and
 * functions are the same only if they are one.
 *
 * @throws {TypeError} If a `WeakMap` or a `WeakSet` is met, as nobody can look into one.
 */
export function equal(a: unknown, b: unknown): boolean {
  return isSame(a, b, new Map());
}

/** `met` holds the pairs that are being compared further up, so that a circle ends. */
function isSame(a: unknown, b: unknown, met: Map<object, object>): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (prototypeOf(a) !== prototypeOf(b)) return false;
  if (a instanceof WeakMap || a instanceof WeakSet) {
    throw new TypeError(`Cannot compare ${a instanceof WeakMap ? "WeakMap" : "WeakSet"} instances`);
  }
  if (a instanceof WeakRef) return isSame(a.deref(), (b as typeof a).deref(), met);
  const bytes = bytesOf(a);
  if (bytes) return hasSameItems(bytes, bytesOf(b)!);

  if (met.get(a) === b) return true;
  if (Object.keys(a).length !== Object.keys(b).length) return false;
  met.set(a, b);
  if (a instanceof Set) return hasSameMembers(a, b as typeof a, met);
  if (a instanceof Map) return hasSameEntries(a, b as typeof a, met);
  if (a instanceof RegExp || a instanceof URL || a instanceof URLSearchParams) {
    return String(a) === String(b);
  }
  return [...new Set([...keysOf(a), ...keysOf(b)])].every((key) =>
    key in a && key in b && isSame(Reflect.get(a, key), Reflect.get(b, key), met)
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function prototypeOf(value: object): object {
  return Object.getPrototypeOf(value) ?? Object.prototype;
}

function bytesOf(value: object): ArrayLike<number | bigint> | undefined {
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
    return new Uint8Array(value);
  }
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return undefined;
  return value as ArrayBufferView & ArrayLike<number | bigint>;
}

function hasSameItems<T>(a: ArrayLike<T>, b: ArrayLike<T>): boolean {
  return a.length === b.length &&
    Array.prototype.every.call(a, (item, i) => item === b[i] || Object.is(item, b[i]));
}

function hasSameMembers(a: Set<unknown>, b: Set<unknown>, met: Map<object, object>): boolean {
  return a.size === b.size &&
    [...a].every((member) => b.has(member) || isFound(member, [...b], met));
}

function hasSameEntries(
  a: Map<unknown, unknown>,
  b: Map<unknown, unknown>,
  met: Map<object, object>,
): boolean {
  return a.size === b.size &&
    [...a].every(([key, value]) =>
      b.has(key) && isSame(value, b.get(key), met) ||
      isObject(key) && isFound([key, value], [...b], met)
    );
}

/** Looks for a value that is the same. Pairs met on a wrong way must not count on the next. */
function isFound(value: unknown, among: unknown[], met: Map<object, object>): boolean {
  return among.some((other) => isSame(value, other, new Map(met)));
}

/** The keys to compare: of plain objects and arrays those that can be listed, of instances all, and their classes' too. */
function keysOf(value: object): PropertyKey[] {
  const isPlain = [Object.prototype, Array.prototype].includes(prototypeOf(value) as never);
  if (isPlain) return Reflect.ownKeys({ ...value });
  const keys: PropertyKey[] = [];
  for (let at = value; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    keys.push(...Reflect.ownKeys(at));
  }
  return keys;
}
