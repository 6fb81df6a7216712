/// <reference lib="deno.worker" />
/**
 * The Worker that holds a process's SQLite database, so that a commit blocks no event loop that serves people.
 *
 * @module
 */
import "../timers.ts";
import { type Served, SqliteServer } from "./sqlite_server.ts";

/** The first message to the Worker. */
export interface Start extends Served {
  /** Carries {@linkcode Order}s to the Worker and {@linkcode Report}s from it. */
  readonly control: MessagePort;
}

/** What the one who started the Worker asks of it: to serve one more port, or to end. */
export type Order = { readonly serve: MessagePort } | "close";

/** What the Worker tells the one who started it. */
export type Report = "opened" | "closed" | { readonly failed: string };

function start(order: Start): void {
  const { control } = order;
  const report = (report: Report) => control.postMessage(report);
  try {
    const server = new SqliteServer(order);
    control.onmessage = ({ data: order }: MessageEvent<Order>) => {
      if (order !== "close") return server.serve(order.serve);
      server.close();
      report("closed");
    };
    report("opened");
  } catch (error) {
    report({ failed: error instanceof Error ? error.message : String(error) });
  }
}

self.addEventListener("message", ({ data }: MessageEvent<Start>) => start(data), { once: true });
