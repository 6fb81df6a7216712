const [major = 0, minor = 0, patch = 0] = Deno.version.deno.split(".").map((n) => parseInt(n));

/**
 * Whether this Deno answers the close frame with which a peer answers its own, as it did before 2.6.4 (denoland/deno#21642). That is
 * one too many (RFC 6455, 5.5.1): Chromium takes such a connection for a broken one, and tells its page 1006 in place of the code.
 */
const ANSWERS_TWICE = major * 1e6 + minor * 1e3 + patch < 2_006_004;

/** Closes a socket of the server's with a code and a reason that its peer gets to know. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  if (!ANSWERS_TWICE || !pingSoon(socket)) return socket.close(code, reason);
  // Right after the ping, whose timer is as short and was set before: the pong finds a socket that closes.
  setTimeout(() => socket.close(code, reason), 0);
}

/**
 * Makes Deno ping the peer in a moment; returns whether it will. Deno drops a socket that closes at the next frame that comes: the
 * pong, which comes before the peer's close frame, keeps that from being answered. Deno pings a socket on which nothing came for a
 * while, and only its own names for that while and for what begins it let a program shorten it once the socket is open.
 */
function pingSoon(socket: WebSocket): boolean {
  const whileS = symbolOf(socket, "[[idleTimeout]]");
  const begin = symbolOf(WebSocket.prototype, "[[serverHandleIdleTimeout]]");
  if (socket.readyState !== WebSocket.OPEN || !whileS || !begin) return false;
  Object.assign(socket, { [whileS]: Number.MIN_VALUE });
  Reflect.get(socket, begin).call(socket);
  return true;
}

function symbolOf(object: object, description: string): symbol | undefined {
  return Object.getOwnPropertySymbols(object).find((symbol) => symbol.description === description);
}
