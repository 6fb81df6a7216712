/**
 * The server where the platform has no Deno KV for it.
 *
 * @module
 */
Object.defineProperty(Deno, "openKv", {
  value: () => Promise.reject(new Error("No database is assigned to this app")),
});
await import("../../main.ts");
