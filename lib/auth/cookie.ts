import { deleteCookie, getCookies, setCookie } from "@std/http/cookie";
import { TOKEN_LIFETIME_S } from "./tokens.ts";

const SESSION_COOKIE = "parley_session";

/** The token in the session cookie of a request, if there is one. */
export function readSessionCookie(headers: Headers): string | undefined {
  return getCookies(headers)[SESSION_COOKIE];
}

/**
 * Adds the session cookie to the headers of a response, for as long as a token lives.
 *
 * No script can read it, and no other site's form can send it. `https` says how the client reached the server: a browser
 * drops a `Secure` cookie that came by plain HTTP.
 */
export function setSessionCookie(headers: Headers, token: string, https: boolean): void {
  setCookie(headers, {
    name: SESSION_COOKIE,
    value: token,
    path: "/",
    maxAge: TOKEN_LIFETIME_S,
    httpOnly: true,
    sameSite: "Lax",
    secure: https,
  });
}

/** Makes the browser forget the session cookie. */
export function clearSessionCookie(headers: Headers): void {
  deleteCookie(headers, SESSION_COOKIE, { path: "/" });
}
