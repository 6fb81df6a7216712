// @ts-check
/// <reference lib="dom" />
/** @import { User } from "../../lib/model/user.ts" */
import { SUBPROTOCOL, TOKEN_SUBPROTOCOL } from "./protocol.js";
import { errorSentence } from "./refusal.js";
import { t } from "./strings.js";

/** Where a tab keeps a session of its own: two tabs of one browser may be two people. */
const TAB_KEY = "parley.session";
/** Where the browser keeps who its cookie speaks for: the page opens for them when the server cannot tell. */
const PERSON_KEY = "parley.person";

/**
 * Who this tab speaks for, and how it proves it: by the cookie that all tabs share, by a token of its own, or by a name
 * for which the server is about to give it one.
 *
 * @typedef {{ readonly kind: "cookie", readonly user: User }
 *   | { readonly kind: "token", readonly user: User, readonly token: string }
 *   | { readonly kind: "name", readonly name: string }} Session
 */

/** A request that the server answered with a problem (RFC 9457), or did not answer. The message is for a person. */
export class RequestError extends Error {
  /** @override */
  name = "RequestError";

  /**
   * @param {string} message
   * @param {string} [code] the server's name for the problem
   */
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

/**
 * Finds the session that is there already: the tab's own, or the browser's. Whoever was here last is taken to be here
 * still: if they are not, the server turns them away as they connect.
 *
 * @returns {Promise<Session | undefined>}
 */
export async function findSession() {
  const own = readTabSession();
  if (own) return own;
  const last = readPerson();
  if (last) return { kind: "cookie", user: last };
  const { user } = await request("/api/session");
  if (!user) return undefined;
  keepPerson(user);
  return { kind: "cookie", user };
}

/**
 * Keeps who the browser's cookie speaks for.
 *
 * @param {User} user
 */
export function keepPerson(user) {
  try {
    localStorage.setItem(PERSON_KEY, JSON.stringify({ id: user.id, name: user.name }));
  } catch {
    // Where nothing is kept, the server is asked with each load.
  }
}

/** @returns {User | undefined} */
function readPerson() {
  try {
    return JSON.parse(localStorage.getItem(PERSON_KEY) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * Who is in a room, for somebody who is about to come in.
 *
 * @param {string} room
 * @returns {Promise<{ count: number, names: readonly string[] } | undefined>} `undefined` if the server does not say
 */
export async function askWhoIsHere(room) {
  try {
    const { here } = await request(`/api/session?${new URLSearchParams({ room })}`);
    return here;
  } catch {
    return undefined;
  }
}

/**
 * The session that only this tab has, if there is one.
 *
 * @returns {Session | undefined}
 */
export function readTabSession() {
  const kept = sessionStorage.getItem(TAB_KEY);
  return kept === null ? undefined : { kind: "token", ...JSON.parse(kept) };
}

/**
 * Keeps a session for this tab only, over reloads.
 *
 * @param {User} user
 * @param {string} token
 * @returns {Session}
 */
export function keepTabSession(user, token) {
  sessionStorage.setItem(TAB_KEY, JSON.stringify({ user, token }));
  return { kind: "token", user, token };
}

/**
 * Forgets a session: the person signs out, or the server does not know them any more.
 *
 * @param {Session} session
 */
export function forgetSession({ kind }) {
  sessionStorage.removeItem(TAB_KEY);
  if (kind !== "cookie") return;
  try {
    localStorage.removeItem(PERSON_KEY);
  } catch {
    // There is nothing to forget where nothing is kept.
  }
}

/**
 * Signs in under a name, for all tabs of the browser.
 *
 * @param {string} name
 * @returns {Promise<Session>}
 */
export async function signIn(name) {
  const { user } = await request("/api/session", { method: "POST", body: { name } });
  keepPerson(user);
  return { kind: "cookie", user };
}

/**
 * Signs out, and gives the name back.
 *
 * @param {Session} session
 */
export async function signOut(session) {
  forgetSession(session);
  // A page that closes at once must not leave the cookie behind.
  await request("/api/session", { method: "DELETE", session, keepalive: true });
}

/**
 * Opens a socket for a session.
 *
 * @param {Session} session
 */
export function openSocket(session) {
  const url = new URL("/ws", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const protocols = [SUBPROTOCOL];
  if (session.kind === "name") url.searchParams.set("username", session.name);
  if (session.kind === "token") protocols.push(TOKEN_SUBPROTOCOL + session.token);
  return new WebSocket(url, protocols);
}

/**
 * Asks the server over HTTP.
 *
 * @param {string} path
 * @param {{ method?: string, body?: unknown, session?: Session | undefined, keepalive?: boolean }} [options]
 *   `keepalive` lets the request outlive the page
 * @returns {Promise<any>} the JSON of the answer, `undefined` if it has none
 * @throws {RequestError} if the server refuses or cannot be reached
 */
export async function request(path, { method = "GET", body, session, keepalive = false } = {}) {
  const headers = new Headers({ accept: "application/json" });
  if (body !== undefined) headers.set("content-type", "application/json");
  const own = session?.kind === "token";
  if (own) headers.set("authorization", `Bearer ${session.token}`);
  const response = await fetch(path, {
    method,
    headers,
    keepalive,
    // A tab with a session of its own must not touch the cookie of the others.
    credentials: own ? "omit" : "same-origin",
    body: body === undefined ? null : JSON.stringify(body),
  }).catch(() => {
    throw new RequestError(t.signIn.unreachable);
  });
  if (response.status === 204) return undefined;
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const message = answer.detail ?? answer.title ?? t.signIn.serverFailed;
  throw new RequestError(errorSentence({ code: answer.code, message }), answer.code);
}
