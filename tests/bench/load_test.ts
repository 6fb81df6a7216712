import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { FrameReader, FrameWriter } from "../../bench/load/frames.ts";
import { Histogram } from "../../bench/load/histogram.ts";
import { Marker } from "../../bench/load/marker.ts";
import { encodeFrame } from "../helpers/raw_socket.ts";

const encoder = new TextEncoder();

Deno.test("Marker counts a text as often as it stands there", () => {
  const few = fc.string({ unit: fc.constantFrom("a", "b", "é"), maxLength: 60 });
  const text = fc.string({ unit: fc.constantFrom("a", "b", "é"), minLength: 1, maxLength: 4 });
  fc.assert(fc.property(few, text, (told, text) => {
    const bytes = encoder.encode(told);
    assertEquals(new Marker(text).count(bytes, 0, bytes.length), told.split(text).length - 1);
  }));
});

Deno.test("Histogram tells each share within 0.8 %, from a microsecond to a minute", () => {
  const times = fc.array(fc.double({ min: 0.001, max: 60_000, noNaN: true }), { minLength: 1 });
  fc.assert(fc.property(times, fc.double({ min: 0.01, max: 1, noNaN: true }), (times, share) => {
    const histogram = new Histogram();
    for (const ms of times) histogram.add(ms);
    const sorted = times.toSorted((a, b) => a - b);
    const expected = sorted[Math.ceil(share * times.length - 1e-9) - 1]!;
    const told = histogram.quantile(share)!;
    assert(Math.abs(told - expected) <= 0.008 * expected, `${told} in place of ${expected}`);
  }));
});

Deno.test("FrameReader takes pings out of a stream, wherever the network cuts it", () => {
  const frame = fc.oneof(
    fc.string({ maxLength: 300 }).map((text) => ({ opcode: 1, text })),
    fc.string({ maxLength: 20 }).map((text) => ({ opcode: 9, text: text.slice(0, 20) })),
  );
  const frames = fc.array(frame, { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(frames, fc.array(fc.nat(40), { maxLength: 50 }), (frames, cuts) => {
    const stream = frames.map(({ opcode, text }) => unmasked(opcode, text));
    const pings: string[] = [];
    const reader = new FrameReader({
      onPing: (payload) => pings.push(new TextDecoder().decode(payload)),
      onKeepalive: () => {},
      onClose: () => {},
    });
    const left: number[] = [];
    let rest = stream.flatMap((bytes) => [...bytes]);
    for (const cut of [...cuts, rest.length]) {
      const from = reader.heldBytes;
      const chunk = new Uint8Array(from + Math.min(cut, rest.length));
      chunk.set(rest.slice(0, cut), from);
      rest = rest.slice(cut);
      const to = reader.walk(chunk, from, chunk.length);
      left.push(...chunk.slice(0, to));
    }
    assertEquals(pings, frames.filter(({ opcode }) => opcode === 9).map(({ text }) => text));
    assertEquals(left, stream.filter((_, i) => frames[i]!.opcode === 1).flatMap((b) => [...b]));
    assert(reader.atBorder);
  }));
});

Deno.test("FrameWriter writes what any reader of frames reads", () => {
  for (
    const text of ["", "short", "é".repeat(100), "x".repeat(125), "x".repeat(126), "💬".repeat(900)]
  ) {
    const writer = new FrameWriter();
    writer.text(text);
    const bytes = writer.take();
    // The mask of the helper is another one; only length and text must agree.
    const payload = encoder.encode(text);
    assertEquals(bytes.length, encodeFrame(1, text).length);
    assertEquals(bytes.slice(bytes.length - payload.length), payload);
  }
});

/** A frame as a server sends it. */
function unmasked(opcode: number, text: string): Uint8Array {
  const payload = encoder.encode(text);
  const head = payload.length < 126
    ? [0x80 | opcode, payload.length]
    : [0x80 | opcode, 126, payload.length >> 8, payload.length & 0xff];
  return Uint8Array.from([...head, ...payload]);
}
