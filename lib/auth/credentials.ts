import { TOKEN_SUBPROTOCOL } from "../wire/protocol.ts";
import { readSessionCookie } from "./cookie.ts";

/** What a request presents to say who it is from. Nothing of it is checked yet. */
export type Credentials =
  | { readonly kind: "token"; readonly token: string }
  /** The name as it was typed. */
  | { readonly kind: "username"; readonly name: string }
  | { readonly kind: "none" };

/** What {@linkcode readCredentials} may look at. */
export interface CredentialsOptions {
  /** Whether `?username=` counts: on an upgrade, where sign-in is open. */
  readonly username: boolean;
}

/**
 * Reads the first credentials of a request: the subprotocol `parley.token.TOKEN`, `Authorization: Bearer`,
 * `?username=`, the session cookie. Of an upgrade read them before it: the request is dead afterwards.
 */
export function readCredentials(request: Request, options: CredentialsOptions): Credentials {
  const token = subprotocolToken(request.headers) ?? bearerToken(request.headers);
  if (token !== undefined) return { kind: "token", token };

  const name = options.username ? new URL(request.url).searchParams.get("username") : null;
  if (name !== null) return { kind: "username", name };

  const session = readSessionCookie(request.headers);
  return session === undefined ? { kind: "none" } : { kind: "token", token: session };
}

function subprotocolToken(headers: Headers): string | undefined {
  const offered = headers.get("sec-websocket-protocol")?.split(",") ?? [];
  return offered.map((subprotocol) => subprotocol.trim())
    .find((subprotocol) => subprotocol.startsWith(TOKEN_SUBPROTOCOL))
    ?.slice(TOKEN_SUBPROTOCOL.length);
}

function bearerToken(headers: Headers): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.get("authorization")?.trim() ?? "")?.[1];
}
