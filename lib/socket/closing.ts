/**
 * Whether this Deno answers the close frame with which a peer answers its own, as it did before 2.6.4 (denoland/deno#21642). That is
 * one too many (RFC 6455, 5.5.1): Chromium takes such a connection for a broken one, and tells its page 1006 in place of the code.
 */
const ANSWERS_TWICE = Deno.version.deno.localeCompare("2.6.4", "en", { numeric: true }) < 0;

/** Closes a socket of the server's with a code and a reason that its peer gets to know. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  if (!ANSWERS_TWICE || !pingSoon(socket)) return socket.close(code, reason);
  // Right after the ping, whose timer is as short and was set before: the pong finds a socket that closes.
  setTimeout(() => socket.close(code, reason), 0);
}

/** When a frame of a socket's peer came last, as `performance.now()` tells it. */
const heardAt = new WeakMap<WebSocket, number>();

/** With what Deno begins, at each frame that comes, to wait for the next one; it pings once half the idle timeout is over. */
const BEGIN = ANSWERS_TWICE && symbolOf(WebSocket.prototype, "[[serverHandleIdleTimeout]]");
const begin = BEGIN && Reflect.get(WebSocket.prototype, BEGIN);

if (BEGIN) {
  Reflect.set(WebSocket.prototype, BEGIN, function (this: WebSocket): void {
    heardAt.set(this, performance.now());
    begin.call(this);
  });
}

/**
 * Makes Deno ping the peer in a moment, unless a pong is due already; returns whether one will come. Deno drops a socket that closes at
 * the next frame that comes: the pong, which comes before the peer's close frame, keeps that from being answered. Two would be one too
 * many: what comes once a socket is dropped resets the connection, and the peer fails to answer, and so to tell the code. Only Deno's
 * own names for the idle timeout and for what begins it let a program shorten it once the socket is open.
 */
function pingSoon(socket: WebSocket): boolean {
  const idle = symbolOf(socket, "[[idleTimeout]]");
  if (socket.readyState !== WebSocket.OPEN || !idle || !begin) return false;
  const idleS = Reflect.get(socket, idle);
  const silentMs = performance.now() - (heardAt.get(socket) ?? -Infinity);
  if (idleS > 0 && silentMs >= idleS * 500) return true;
  Reflect.set(socket, idle, Number.MIN_VALUE);
  begin.call(socket);
  return true;
}

function symbolOf(object: object, description: string): symbol | undefined {
  return Object.getOwnPropertySymbols(object).find((symbol) => symbol.description === description);
}
