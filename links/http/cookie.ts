/** A cookie as a response sets it. */
export interface Cookie {
  /** What it is called. */
  name: string;
  /** What it holds: printable ASCII without spaces, quotes, commas, semicolons and backslashes. */
  value: string;
  /** When it ends, as a date or in milliseconds since 1970; with the browser's session if neither this nor `maxAge` is given. */
  expires?: Date | number;
  /** How long it lives, in whole seconds from 0. */
  maxAge?: number;
  /** The host, and all below it, that it is sent to. */
  domain?: string;
  /** The path, and all below it, that it is sent to. */
  path?: string;
  /** Whether it is sent over HTTPS only. */
  secure?: boolean;
  /** Whether it is hidden from scripts. */
  httpOnly?: boolean;
  /** Whether it is kept apart for each site that embeds this one. */
  partitioned?: boolean;
  /** Whether requests that come from other sites carry it. */
  sameSite?: "Strict" | "Lax" | "None";
  /** More attributes, as they are written. */
  unparsed?: string[];
}

/** Reads the cookies of a request. Of two with one name the last counts. */
export function getCookies(headers: Headers): Partial<Record<string, string>> {
  const cookies: Partial<Record<string, string>> = Object.create(null);
  for (const pair of headers.get("cookie")?.split(";") ?? []) {
    if (pair.startsWith("=")) throw new SyntaxError("Cookie cannot start with '='");
    const [name = "", ...value] = pair.split("=");
    cookies[name.trim()] = value.join("=");
  }
  return cookies;
}

/**
 * Adds a cookie to the headers of a response. One whose name begins with `__Secure` or `__Host` gets the attributes
 * that browsers ask of it.
 *
 * @throws {SyntaxError} If the name, value, path or domain holds what it must not.
 * @throws {RangeError} If `maxAge` is negative.
 */
export function setCookie(headers: Headers, cookie: Cookie): void {
  if (!cookie.name) return;
  if (cookie.name.startsWith("__Secure")) cookie.secure = true;
  if (cookie.name.startsWith("__Host")) {
    Object.assign(cookie, { path: "/", secure: true });
    delete cookie.domain;
  }
  check(cookie);
  headers.append("set-cookie", [...attributes(cookie)].join("; "));
}

/** Makes the browser drop a cookie. The attributes must be those that it was set with. */
export function deleteCookie(
  headers: Headers,
  name: string,
  attributes?: Pick<Cookie, "path" | "domain" | "secure" | "httpOnly" | "partitioned">,
): void {
  setCookie(headers, { name, value: "", expires: new Date(0), ...attributes });
}

function check({ name, value, path = "", domain = "", maxAge = 0 }: Cookie): void {
  refuse("name", name, /[^\x21-\x7e]|[()<>@,;:\\"[\]?={}]/);
  refuse("value", value, /[^\x21-\x7e]|[",;\\]/);
  refuse("path", path, /[^\x20-\x7e]|;/);
  refuse("domain", domain, /^-|[.-]$/);
  if (maxAge < 0) {
    throw new RangeError(
      `Cannot set the cookie as its maxAge must be 0 or more: received ${maxAge}`,
    );
  }
}

function refuse(part: string, text: string, unfit: RegExp): void {
  if (unfit.test(text)) {
    throw new SyntaxError(`Cannot set the cookie as its ${part} is not valid: received "${text}"`);
  }
}

function* attributes(cookie: Cookie): Generator<string> {
  yield `${cookie.name}=${cookie.value}`;
  if (cookie.secure) yield "Secure";
  if (cookie.httpOnly) yield "HttpOnly";
  if (cookie.partitioned) yield "Partitioned";
  if (Number.isInteger(cookie.maxAge)) yield `Max-Age=${cookie.maxAge}`;
  if (cookie.domain) yield `Domain=${cookie.domain}`;
  if (cookie.sameSite) yield `SameSite=${cookie.sameSite}`;
  if (cookie.path) yield `Path=${cookie.path}`;
  if (cookie.expires) yield `Expires=${new Date(cookie.expires).toUTCString()}`;
  if (cookie.unparsed) yield cookie.unparsed.join("; ");
}
