import { problem } from "./problem.ts";

/** Answers a request with `next`, or refuses it, and gives the answer the headers that every answer carries. */
export type Guard = (
  request: Request,
  https: boolean,
  next: () => Response | Promise<Response>,
) => Promise<Response>;

const CHANGES_STATE = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** What a page, or a worker, may do. */
const DOCUMENT_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  // Not "no-referrer": with it a browser sends "Origin: null" from a form of the page itself.
  "referrer-policy": "same-origin",
};

/** What others may do with an answer. */
const RESOURCE_HEADERS: Readonly<Record<string, string>> = {
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

/** One year, as RFC 6797 shows it; subdomains may serve something else. */
const HSTS = "max-age=31536000";

/** How long a browser may reuse the answer to a preflight, in seconds: two hours is the most that Chromium takes. */
const PREFLIGHT_MAX_AGE_S = 7200;

/**
 * Makes the guard that stands before all routes.
 *
 * Upgrades and changes of state from a page of a foreign origin are refused with 403: the browser would send the session cookie
 * along. `origins` are the foreign ones that may connect; they may also read answers (CORS), signed in by token only, as
 * the cookie is not shared with them. `https` tells whether the client used it.
 */
export function createGuard(origins: readonly string[]): Guard {
  return async (request, https, next) => {
    const response = refusal(request, origins) ?? preflight(request) ?? await next();
    return response.status === 101 ? response : withHeaders(response, (headers) => {
      const all = isPart(headers) ? RESOURCE_HEADERS : { ...DOCUMENT_HEADERS, ...RESOURCE_HEADERS };
      for (const [name, value] of Object.entries(all)) headers.set(name, value);
      if (https) headers.set("strict-transport-security", HSTS);
      if (origins.length > 0) shareWith(origins, request, headers);
    });
  };
}

/**
 * Whether a request may act with the rights of the person behind it.
 *
 * It may if no page sent it (there is no `Origin`), if the page came from the host that is asked, or if its origin
 * is one of `origins`. The opaque origin "null" may not.
 */
export function originAllowed(headers: Headers, url: URL, origins: readonly string[]): boolean {
  const origin = headers.get("origin");
  if (origin === null || origins.includes(origin)) return true;
  const page = URL.parse(origin);
  if (!page || !/^https?:$/.test(page.protocol)) return false;
  // The host is read with the page's scheme: a proxy that ends TLS hides which port is the default one.
  const asked = URL.parse(`${page.protocol}//${headers.get("host") ?? url.host}`);
  return asked?.host === page.host;
}

/**
 * Whether an answer is a script or a style sheet of a release, which browsers keep for good: it is no document. There are
 * so many of them that what concerns documents only would be as long as all of them compressed.
 */
function isPart(headers: Headers): boolean {
  return headers.get("cache-control")?.includes("immutable") === true;
}

function refusal(request: Request, origins: readonly string[]): Response | undefined {
  const acts = CHANGES_STATE.has(request.method) || request.headers.has("upgrade") ||
    isPreflight(request);
  return !acts || originAllowed(request.headers, new URL(request.url), origins)
    ? undefined
    : problem(
      403,
      "forbidden",
      `Pages of ${
        request.headers.get("origin")
      } may not connect here; PARLEY_ORIGINS can allow them`,
    );
}

function isPreflight(request: Request): boolean {
  return request.method === "OPTIONS" && request.headers.has("access-control-request-method");
}

function preflight(request: Request): Response | undefined {
  return !isPreflight(request) ? undefined : new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": ["GET", ...CHANGES_STATE].join(", "),
      "access-control-allow-headers": "Authorization, Content-Type",
      "access-control-max-age": String(PREFLIGHT_MAX_AGE_S),
    },
  });
}

function shareWith(origins: readonly string[], request: Request, headers: Headers): void {
  headers.append("vary", "Origin");
  const origin = request.headers.get("origin");
  if (origin === null || !origins.includes(origin)) return;
  headers.set("access-control-allow-origin", origin);
  headers.set("access-control-expose-headers", "Retry-After");
}

function withHeaders(response: Response, change: (headers: Headers) => void): Response {
  try {
    change(response.headers);
    return response;
  } catch {
    // The headers of a redirect and of a fetched response cannot be changed.
    const copy = new Response(response.body, response);
    change(copy.headers);
    return copy;
  }
}
