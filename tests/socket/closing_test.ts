import { assertEquals } from "@std/assert";
import { Client } from "../helpers/client.ts";
import { encodeFrame, type Frame, OPCODE, RawSocket } from "../helpers/raw_socket.ts";
import { startServer } from "../helpers/server.ts";

Deno.test("a peer that answers the server's close frame gets no second one", async () => {
  await using server = await startServer();
  await using _alice = await Client.joined(server.ws, "Alice");
  using other = await RawSocket.v1(server.ws, "Alice");
  const frames: Frame[] = [];
  const closes = () => frames.filter(({ opcode }) => opcode === OPCODE.close);
  while (closes().length === 0) frames.push((await other.read())!);
  const [{ payload }] = closes() as [Frame];
  assertEquals(new DataView(payload.buffer, payload.byteOffset).getUint16(0), 4501);

  const pongs = frames.filter(({ opcode }) => opcode === OPCODE.ping)
    .map(({ payload }) => encodeFrame(OPCODE.pong, payload));
  const answers = [...pongs, encodeFrame(OPCODE.close, payload)];
  await other.write(new Uint8Array(answers.flatMap((frame) => [...frame])));
  for (let frame; (frame = await nextUnlessReset(other));) frames.push(frame);
  assertEquals(closes().length, 1);
});

Deno.test("a peer that still owes a pong is closed without another ping", async () => {
  await using server = await startServer({ PARLEY_IDLE_TIMEOUT_S: "1" });
  using alice = await RawSocket.v1(server.ws, "Alice");
  while ((await alice.read())!.opcode !== OPCODE.ping);
  const closed = server.app.close();
  const frames: number[] = [];
  while (frames.at(-1) !== OPCODE.close) frames.push((await alice.read())!.opcode);
  assertEquals(frames, [OPCODE.text, OPCODE.close]);
  await closed;
});

/** The next frame; a server that has not read everything may reset the connection in place of ending it. */
async function nextUnlessReset(socket: RawSocket): Promise<Frame | undefined> {
  try {
    return await socket.read();
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
  }
}
