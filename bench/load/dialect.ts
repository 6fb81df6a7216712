/** Somebody who connects to a server under test. */
export interface Caller {
  /** A name that nobody else holds. */
  readonly name: string;
  /** The room that they enter. */
  readonly room: string;
}

/** How a server under test is spoken to: in texts, so that the load generator needs to read no JSON. */
export interface Dialect {
  /** Path and query of the upgrade request. */
  path(caller: Caller): string;
  /** The subprotocol that is asked for, if any. */
  readonly subprotocol?: string;
  /** The text frames to send in turn: the first once the socket is open, each other once its `after` was seen. */
  entrance(caller: Caller): readonly { readonly after?: string; readonly frame: string }[];
  /** What is seen once the caller is in the room. */
  readonly entered: string;
  /** The frame that says `text` in the caller's room; `ref` comes back in the answer. */
  send(caller: Caller, text: string, ref: number): string;
  /** What is seen once in each answer to the sender. */
  readonly acknowledged: string;
  /** What is seen once in each message that a member is told of. */
  readonly delivered: string;
  /** A text frame by which the server asks whether somebody is there, if it does so by other means than pings, and the answer. */
  readonly keepalive?: { readonly asked: string; readonly answer: string };
}

/** The JSON of `parley.v1`, which all peers speak that have no protocol of their own. */
export const PLAIN_JSON: Dialect = {
  path: ({ name }) => `/ws?username=${encodeURIComponent(name)}`,
  subprotocol: "parley.v1",
  entrance: ({ room }) => [{ frame: JSON.stringify({ type: "join", room, limit: 0 }) }],
  entered: '"type":"joined"',
  send: ({ room }, text, ref) =>
    JSON.stringify({ type: "send", room, text, ref, nonce: String(ref) }),
  acknowledged: '"type":"ack"',
  delivered: '"type":"chat_message"',
};
