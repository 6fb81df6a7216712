// A chat on Deno's own server, as its documentation writes one: one `send` a member and message.
import { chatMessage, makeUser, ready } from "../chat.mjs";

interface Room {
  seq: number;
  readonly members: Set<WebSocket>;
}

const rooms = new Map<string, Room>();

function accept(request: Request): Response {
  if (request.headers.get("upgrade") !== "websocket") return new Response(null, { status: 426 });
  const user = makeUser(request.url);
  const { socket, response } = Deno.upgradeWebSocket(request, {
    protocol: request.headers.get("sec-websocket-protocol") ?? undefined,
    // The load generator answers no pings.
    idleTimeout: 0,
  });
  const joined = new Set<Room>();

  socket.onmessage = ({ data }) => {
    const command = JSON.parse(data);
    if (command.type === "join") join(command);
    if (command.type === "send") send(command);
  };
  socket.onclose = () => joined.forEach((room) => room.members.delete(socket));

  function join({ room: name, ref }: { room: string; ref?: number }): void {
    let room = rooms.get(name);
    if (!room) rooms.set(name, room = { seq: 0, members: new Set() });
    room.members.add(socket);
    joined.add(room);
    const { seq, members: { size: count } } = room;
    socket.send(JSON.stringify({ type: "joined", ref, room: name, seq, count }));
  }

  function send({ room: name, text, ref }: { room: string; text: string; ref: number }): void {
    const room = rooms.get(name);
    if (!room) return;
    const message = chatMessage(user, name, ++room.seq, text);
    socket.send(JSON.stringify({ type: "ack", ref, id: message.id, seq: message.seq }));
    const frame = JSON.stringify(message);
    for (const member of room.members) {
      if (member.readyState === WebSocket.OPEN) member.send(frame);
    }
  }

  return response;
}

Deno.serve({
  hostname: "127.0.0.1",
  port: Number(Deno.args[0]),
  onListen: () => ready(Deno.pid, `Deno ${Deno.version.deno}`),
}, accept);
