/** What the supervisor runs in tests of faults: an isolate that fails when it is told to. */
import type { FromIsolate, ToIsolate } from "../../lib/isolate.ts";
import "../../lib/isolate.ts";
import { type Fault, FAULTS } from "./fault.ts";

const startFault = takeStartFault();
if (startFault === "throw") throw new Error("It was told not to start");
if (startFault === "fail") {
  self.postMessage(
    { type: "failed", message: "It was told to fail to start" } satisfies FromIsolate,
  );
}

let started: (ToIsolate & { type: "start" }) | undefined;
self.addEventListener("message", ({ data }: MessageEvent<ToIsolate>) => {
  if (data.type === "start") started = data;
});

new BroadcastChannel(FAULTS).onmessage = ({ data }: MessageEvent<Fault>) => {
  if (data.instance !== started?.instance) return;
  switch (data.fault) {
    case "throw":
      return void setTimeout(() => {
        throw new Error("It was told to throw");
      });
    case "reject":
      return void Promise.reject(new Error("It was told to reject"));
    case "block":
      return block(data.ms!);
    case "break the store":
      return started.storePort!.postMessage("what is no batch of calls");
  }
};

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Takes one file out of the folder with the faults of the next isolates to be started; its name begins with the fault. */
function takeStartFault(): string | undefined {
  const folder = Deno.env.get("PARLEY_TEST_START_FAULTS");
  const [file] = folder ? [...Deno.readDirSync(folder)] : [];
  if (!file) return undefined;
  Deno.removeSync(`${folder}/${file.name}`);
  return file.name.split("-")[0];
}
