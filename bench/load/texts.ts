import { Marker } from "./marker.ts";

/** Begins the key of a message: nothing else that crosses the socket holds it. */
const KEY = "~key~";
const SENDER_DIGITS = 4;
const NUMBER_DIGITS = 8;
/** How many bytes a key has. */
export const KEY_BYTES = KEY.length + SENDER_DIGITS + NUMBER_DIGITS;
/** How many characters a text has. */
const TEXT_CHARS = 80;
const FILLER = " is the key, and this is a line of talk, about as long as people write one in chat";

const marker = new Marker(KEY);

/** The text of a sender's message: it says whose it is and the how manyth. */
export function makeText(sender: number, number: number): string {
  const key = KEY + String(sender).padStart(SENDER_DIGITS, "0") +
    String(number).padStart(NUMBER_DIGITS, "0");
  return key + FILLER.slice(0, TEXT_CHARS - KEY_BYTES);
}

/** The first place from which on a whole key stands between `from` and `to`, or -1. */
export function findKey(bytes: Uint8Array, from: number, to: number): number {
  return marker.find(bytes, from, to - (KEY_BYTES - KEY.length));
}

/** Reads the key that stands at a place. */
export function readKey(bytes: Uint8Array, at: number): { sender: number; number: number } {
  const middle = at + KEY.length + SENDER_DIGITS;
  return {
    sender: readDigits(bytes, at + KEY.length, middle),
    number: readDigits(bytes, middle, middle + NUMBER_DIGITS),
  };
}

function readDigits(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let place = from; place < to; place++) value = value * 10 + bytes[place]! - 48;
  return value;
}
