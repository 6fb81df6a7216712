/// <reference lib="deno.worker" />
import type { Config } from "./config.ts";
import { serve, type Serving } from "./serve.ts";

/** What the supervisor tells an isolate. */
export type ToIsolate =
  | {
    readonly type: "start";
    readonly config: Config;
    readonly instance: string;
    readonly predecessor?: string;
    readonly storePort?: MessagePort;
  }
  | { readonly type: "close" };

/** What an isolate tells the supervisor. */
export type FromIsolate =
  | { readonly type: "started" }
  /** It cannot start; the message is a sentence for the person who runs the server. */
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "closed" };

let serving: Promise<Serving> | undefined;

self.addEventListener("message", ({ data }: MessageEvent<ToIsolate>) => {
  if (data.type === "start") start(data);
  else close();
});

async function start({ config, ...options }: ToIsolate & { type: "start" }): Promise<void> {
  serving = serve(config, { ...options, reusePort: true });
  try {
    await serving;
    tell({ type: "started" });
  } catch (error) {
    tell({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

async function close(): Promise<void> {
  const begun = await serving?.catch(() => undefined);
  await begun?.close();
  tell({ type: "closed" });
  self.close();
}

function tell(message: FromIsolate): void {
  self.postMessage(message);
}
