/**
 * Makes sure that a socket tells of its error before it tells that it is closed, as in Node.js.
 *
 * Before Deno 2.7.14 one that fails to write tells it afterwards. The PostgreSQL driver does not listen any more then, which ends the
 * process (`Uncaught Error: write UNKNOWN`), and has told nobody who waits for an answer over that connection.
 *
 * @module
 */
import { Socket } from "node:net";
import { nextTick } from "node:process";

// deno-lint-ignore no-explicit-any
type Emit = (this: Socket, event: any, ...args: any[]) => boolean;

if (Deno.version.deno.localeCompare("2.7.14", "en", { numeric: true }) < 0) {
  // Sockets with TLS have it from here, too.
  const emit: Emit = Socket.prototype.emit;
  Socket.prototype.emit = function (event, ...args) {
    const hadError = event === "close" && args[0] === true;
    if (!hadError) return emit.call(this, event, ...args);
    // The error is told in the next tick.
    nextTick(() => emit.call(this, event, ...args));
    return true;
  } satisfies Emit;
}
