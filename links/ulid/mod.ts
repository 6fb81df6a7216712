import { decodeTime as decode, encodeTime, monotonicFactory, ulid as make } from "ulid";

const TIME_CHARS = 10;
const TIME_MAX = 2 ** 48 - 1;

const pool = new Uint8Array(256);
let used = pool.length;

/** A random fraction below 1. One call of the system's generator serves many. */
function random(): number {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  return pool[used++]! / 256;
}

const makeMonotonic = monotonicFactory(random);

/** Makes a ULID of a time, in milliseconds since 1970. Two of the same time come in no order. */
export function ulid(seedTime: number = Date.now()): string {
  checkTime(seedTime);
  return encodeTime(seedTime) + make(seedTime, random).slice(TIME_CHARS);
}

/** Makes a ULID that sorts after all that this function made before, also if the time stood still or went back. */
export function monotonicUlid(seedTime: number = Date.now()): string {
  checkTime(seedTime);
  return makeMonotonic(seedTime);
}

/** Reads the time out of a ULID, in milliseconds since 1970. */
export function decodeTime(ulid: string): number {
  if (/[a-z]/.test(ulid)) {
    throw new Error(`Cannot read the time of a ULID in small letters: "${ulid}"`);
  }
  return decode(ulid);
}

function checkTime(time: number): void {
  if (!Number.isInteger(time) || time < 0 || time > TIME_MAX) {
    throw new RangeError(
      `Cannot make a ULID as its time must be from 0 to ${TIME_MAX}: received ${time}`,
    );
  }
}
