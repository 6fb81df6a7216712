// A chat on `ws`, as its README shows a broadcast: one `send` a member and message.
import { readFileSync } from "node:fs";
import process from "node:process";
import { WebSocket, WebSocketServer } from "ws";
import { chatMessage, makeUser, ready } from "../chat.mjs";

const { version } = JSON.parse(
  readFileSync(new URL("../node_modules/ws/package.json", import.meta.url), "utf8"),
);

/** @type {Map<string, { seq: number, members: Set<WebSocket> }>} */
const rooms = new Map();

const server = new WebSocketServer({
  host: "127.0.0.1",
  port: Number(process.argv[2]),
  perMessageDeflate: false,
});

server.on("connection", (socket, request) => {
  const user = makeUser(request.url);
  const joined = new Set();

  socket.on("message", (data) => {
    const command = JSON.parse(data.toString());
    if (command.type === "join") join(command);
    if (command.type === "send") send(command);
  });
  socket.on("close", () => joined.forEach((room) => room.members.delete(socket)));
  socket.on("error", () => socket.terminate());

  function join({ room: name, ref }) {
    let room = rooms.get(name);
    if (!room) rooms.set(name, room = { seq: 0, members: new Set() });
    room.members.add(socket);
    joined.add(room);
    const { seq, members: { size: count } } = room;
    socket.send(JSON.stringify({ type: "joined", ref, room: name, seq, count }));
  }

  function send({ room: name, text, ref }) {
    const room = rooms.get(name);
    if (!room) return;
    const message = chatMessage(user, name, ++room.seq, text);
    socket.send(JSON.stringify({ type: "ack", ref, id: message.id, seq: message.seq }));
    const frame = JSON.stringify(message);
    for (const member of room.members) {
      if (member.readyState === WebSocket.OPEN) member.send(frame);
    }
  }
});

server.on("listening", () => ready(process.pid, `ws ${version}, Node ${process.versions.node}`));
