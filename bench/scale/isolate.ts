/// <reference lib="deno.worker" />
/**
 * An isolate of the server that listens on a port of its own, so that the load generator knows who is at which.
 *
 * @module
 */
import type { Config } from "../../lib/config.ts";
import { sqlitePath } from "../../lib/engine.ts";
import type { FromIsolate, ToIsolate } from "../../lib/isolate.ts";
import { serve, type Serving } from "../../lib/serve.ts";

let serving: Promise<Serving> | undefined;

self.addEventListener("message", async ({ data }: MessageEvent<ToIsolate>) => {
  if (data.type === "start") {
    const { config, instance, storePort } = data;
    serving = serve({ ...config, port: config.port + place(config) }, { instance, storePort });
    await serving;
    return tell({ type: "started" });
  }
  await (await serving)?.close();
  tell({ type: "closed" });
});

/** Isolates are all told the same: the first to make the first folder is the first. */
function place({ store }: Config): number {
  for (let place = 0;; place++) {
    try {
      Deno.mkdirSync(`${sqlitePath(store)}.isolate-${place}`);
      return place;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

function tell(message: FromIsolate): void {
  self.postMessage(message);
}
