/** The server with isolates that fail when they are told to: each line of the standard input is a {@linkcode Fault}. */
import { run } from "../../lib/run.ts";
import { FAULTS } from "./fault.ts";

passOnFaults();
await run({ isolate: new URL("./faulty_isolate.ts", import.meta.url) });

async function passOnFaults(): Promise<void> {
  const channel = new BroadcastChannel(FAULTS);
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    for (const line of text.trim().split("\n")) channel.postMessage(JSON.parse(line));
  }
}
