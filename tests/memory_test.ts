import { assert } from "@std/assert";

/** A tick's frames to 400 members, in bytes each. */
const FRAME_BYTES = 60_000;

// In a process of its own, as what was freed before decides what the C library does. It tells by how many KiB its greatest size has grown,
// and how many pages the system gave it anew for ten ticks.
const PROGRAM = `
  import { keepFreedMemory } from "${new URL("../lib/memory.ts", import.meta.url)}";
  const peak = () => /VmHWM:\\s+(\\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))[1];
  const faults = () => Deno.readTextFileSync("/proc/self/stat").split(") ")[1].split(" ")[7];
  const tick = () => {
    const frames = Array.from({ length: 400 }, () => new Uint8Array(${FRAME_BYTES}).fill(1));
    for (const { buffer } of frames) buffer.transfer(0);
  };
  const before = peak();
  keepFreedMemory();
  const grown = peak() - before;
  for (let warm = 0; warm < 3; warm++) tick();
  const known = faults();
  for (let ticks = 0; ticks < 10; ticks++) tick();
  console.log(JSON.stringify({ grown, faults: faults() - known }));
`;

Deno.test({
  name: "keepFreedMemory takes no memory itself, and lets the process keep what it has freed",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const module = `data:application/typescript,${encodeURIComponent(PROGRAM)}`;
    const args = ["run", "--allow-all", "--no-config", "--no-check", module];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
    const { faults, grown } = JSON.parse(new TextDecoder().decode(stdout));
    assert(grown < 10_000, `the process grew by ${grown} KiB`);
    // Without it Deno 2.5.0 had all of them anew: 15 pages a frame. Newer releases do so by chance.
    assert(faults < 10 * 400 * 5, `the system gave ${faults} pages anew`);
  },
});
