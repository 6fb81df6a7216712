// What the peers that run JavaScript have in common: ids, and events with the fields of Parley's.

/** An id of 26 characters, sortable as a ULID is: its counter costs less than randomness would. */
export function makeId() {
  const now = Date.now();
  if (now !== stamped) {
    stamped = now;
    stamp = base32(now, 10);
  }
  count++;
  return stamp + base32(count, 16);
}

let stamped = 0;
let stamp = "";
let count = Math.floor(Math.random() * 2 ** 40);

/** @type {(value: number, length: number) => string} */
function base32(value, length) {
  return value.toString(32).toUpperCase().padStart(length, "0");
}

let users = 0;

/**
 * Somebody who comes in, under the name that the query of the request gives.
 *
 * @param {string} url
 */
export function makeUser(url) {
  const name = new URL(url, "http://localhost").searchParams.get("username") ?? "somebody";
  return { id: (++users).toString(36).padStart(12, "0"), name };
}

/**
 * The event that a room is told of a message.
 *
 * @param {{ id: string, name: string }} user
 * @param {string} room
 * @param {number} seq
 * @param {string} text
 */
export function chatMessage(user, room, seq, text) {
  return {
    type: "chat_message",
    room,
    seq,
    id: makeId(),
    user_id: user.id,
    username: user.name,
    text,
    time: Date.now(),
  };
}

/**
 * Tells the bench that the server listens, which process it is, and what it runs on.
 *
 * @param {number} pid
 * @param {string} version
 */
export function ready(pid, version) {
  console.log(JSON.stringify({ pid, version }));
}
