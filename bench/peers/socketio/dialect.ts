import type { Dialect } from "../../load/dialect.ts";

/**
 * Engine.IO 4 and Socket.IO 5 over a bare WebSocket.
 *
 * `0{…}` opens the transport, `40` the namespace, `42["event",…]` is an event, a number between `42` and `[` asks for an
 * acknowledgement, and `43` with that number is it.
 */
export const SOCKET_IO: Dialect = {
  path: ({ name }) => `/socket.io/?EIO=4&transport=websocket&username=${encodeURIComponent(name)}`,
  entrance: ({ room }) => [
    // The server says the first word, but takes one of ours before that too.
    { frame: "40" },
    { after: '40{"sid":', frame: `42${JSON.stringify(["join", { room }])}` },
  ],
  entered: '["joined",',
  send: ({ room }, text, ref) => `42${ref}${JSON.stringify(["send", { room, text, ref }])}`,
  acknowledged: '[{"ref":',
  delivered: '["chat_message",',
};
