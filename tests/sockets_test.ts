import "../lib/sockets.ts";
import { assertEquals } from "@std/assert";
import { connect } from "node:net";

Deno.test("a socket that cannot write tells why before it tells that it is closed", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const socket = connect(listener.addr.port, "127.0.0.1");
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const told: string[] = [];
  socket.on("error", () => told.push("error"));
  socket.on("close", () => {
    told.push("close");
    close();
  });
  const peer = await listener.accept();
  socket.write("not read");
  await new Promise((resolve) => setTimeout(resolve, 10));
  // It resets the connection, which is known here when the event loop turns next.
  peer.close();
  socket.write("too late");
  await closed;
  assertEquals(told, ["error", "close"]);
});
