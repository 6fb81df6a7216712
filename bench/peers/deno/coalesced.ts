// The least that a coalescing chat on Deno can do, and so a ceiling: no limits, no history, no store.
import { chatMessage, makeUser, ready } from "../chat.mjs";
import { type Member, Room } from "./coalesced_room.ts";

const rooms = new Map<string, Room>();

function accept(request: Request): Response {
  if (request.headers.get("upgrade") !== "websocket") return new Response(null, { status: 426 });
  const user = makeUser(request.url);
  const { socket, response } = Deno.upgradeWebSocket(request, {
    protocol: request.headers.get("sec-websocket-protocol") ?? undefined,
    // The load generator answers no pings.
    idleTimeout: 0,
  });
  const member: Member = { socket, replies: [] };
  const joined = new Set<Room>();

  socket.onmessage = ({ data }) => {
    const { type, room: name, text, ref } = JSON.parse(data);
    let room = rooms.get(name);
    if (!room) rooms.set(name, room = new Room());
    if (type === "join") {
      room.members.add(member);
      joined.add(room);
      const { seq, members: { size: count } } = room;
      socket.send(JSON.stringify({ type: "joined", ref, room: name, seq, count }));
    }
    if (type === "send") {
      const message = chatMessage(user, name, ++room.seq, text);
      member.replies.push(JSON.stringify({ type: "ack", ref, id: message.id, seq: message.seq }));
      room.add(JSON.stringify(message));
    }
  };
  socket.onclose = () => joined.forEach((room) => room.members.delete(member));
  return response;
}

Deno.serve({
  hostname: "127.0.0.1",
  port: Number(Deno.args[0]),
  onListen: () => ready(Deno.pid, `Deno ${Deno.version.deno}`),
}, accept);
