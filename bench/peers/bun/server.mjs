// A chat on Bun's native topics, as its documentation writes one: `socket.subscribe`, `server.publish`.
import process from "node:process";
import { chatMessage, makeUser, ready } from "../chat.mjs";

/** @type {Map<string, number>} */
const seqs = new Map();

const server = globalThis.Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  fetch(request, server) {
    const protocol = request.headers.get("sec-websocket-protocol");
    const upgraded = server.upgrade(request, {
      data: { user: makeUser(request.url) },
      headers: protocol ? { "sec-websocket-protocol": protocol } : {},
    });
    return upgraded ? undefined : new Response("This is a WebSocket server", { status: 426 });
  },
  websocket: {
    perMessageDeflate: false,
    // A member who only reads is not silent: the load generator answers no pings.
    idleTimeout: 0,
    message(socket, data) {
      const { type, room, text, ref } = JSON.parse(data);
      if (type === "join") {
        socket.subscribe(room);
        const seq = seqs.get(room) ?? 0;
        const count = server.subscriberCount(room);
        socket.send(JSON.stringify({ type: "joined", ref, room, seq, count }));
      }
      if (type === "send") {
        const seq = (seqs.get(room) ?? 0) + 1;
        seqs.set(room, seq);
        const message = chatMessage(socket.data.user, room, seq, text);
        socket.send(JSON.stringify({ type: "ack", ref, id: message.id, seq }));
        server.publish(room, JSON.stringify(message));
      }
    },
  },
});

ready(process.pid, `Bun ${globalThis.Bun.version}`);
