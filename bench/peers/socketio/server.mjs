// A chat on Socket.IO, as its guide writes one: rooms, `io.to(room).emit`, and acknowledgements by callback.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import process from "node:process";
import { Server } from "socket.io";
import { chatMessage, makeUser, ready } from "../chat.mjs";

const { version } = JSON.parse(
  readFileSync(new URL("../node_modules/socket.io/package.json", import.meta.url), "utf8"),
);

const server = createServer();
const io = new Server(server, {
  transports: ["websocket"],
  perMessageDeflate: false,
  // The load generator does not answer pings: those of the server would end its connections.
  pingInterval: 24 * 60 * 60 * 1000,
});

/** @type {Map<string, number>} */
const seqs = new Map();

io.on("connection", (socket) => {
  const user = makeUser(socket.request.url);

  socket.on("join", ({ room }) => {
    socket.join(room);
    const count = io.sockets.adapter.rooms.get(room).size;
    socket.emit("joined", { room, seq: seqs.get(room) ?? 0, count });
  });

  socket.on("send", ({ room, text, ref }, acknowledge) => {
    const seq = (seqs.get(room) ?? 0) + 1;
    seqs.set(room, seq);
    // The name of the event says its type.
    const { type, ...message } = chatMessage(user, room, seq, text);
    acknowledge({ ref, id: message.id, seq });
    io.to(room).emit(type, message);
  });
});

server.listen(Number(process.argv[2]), "127.0.0.1", () => {
  ready(process.pid, `Socket.IO ${version}, Node ${process.versions.node}`);
});
