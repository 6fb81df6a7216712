import type { Logger } from "../log.ts";
import { problem } from "./problem.ts";

/** A method that a route may answer. `HEAD` is answered by `GET`, `OPTIONS` by the router. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What the router tells a handler, beside what its caller gave it. */
export interface RouteContext {
  /** Where the request goes, parsed. */
  readonly url: URL;
  /** The decoded groups of the route's pathname. */
  readonly params: Readonly<Record<string, string>>;
}

/** Answers a request. `C` is what the caller of the router knows of it. */
export type Handler<C> = (
  request: Request,
  context: C & RouteContext,
) => Response | Promise<Response>;

/** A handler, and what it answers. */
export interface Route<C> {
  /** The only method it answers. */
  readonly method: Method;
  /** The paths it answers. */
  readonly pattern: RegExp;
  /** What answers. */
  readonly handler: Handler<C>;
}

/** What {@linkcode createRouter} takes beside the routes. */
export interface RouterOptions<C> {
  /** Hears of handlers that threw. */
  readonly log: Logger;
  /** Answers `GET` for a path that no route has. */
  readonly otherwise?: Handler<C>;
}

/**
 * Makes a route. `pathname` is written as for a `URLPattern`, such as `/api/rooms/:room/messages`; to make twenty of those takes a
 * twentieth of a server's start.
 */
export function route<C>(method: Method, pathname: string, handler: Handler<C>): Route<C> {
  const pattern = new RegExp(`^${pathname.replaceAll(/:(\w+)/g, "(?<$1>[^/]+)")}$`);
  return { method, pattern, handler };
}

/**
 * Makes a function that answers requests by the first route that has their path and method.
 *
 * It never rejects: what a handler throws is logged, and the client hears no more than that something failed.
 */
export function createRouter<C>(
  routes: readonly Route<C>[],
  { log, otherwise = notFound }: RouterOptions<C>,
): (request: Request, context: C) => Promise<Response> {
  return async (request, context) => {
    const url = new URL(request.url);
    try {
      const response = await answer(request, url, context);
      return request.method === "HEAD" ? await withoutBody(response) : response;
    } catch (error) {
      log.error("A request failed", { method: request.method, path: url.pathname, error });
      return problem(500, "internal", "The server failed to answer; the failure was recorded");
    }
  };

  function answer(request: Request, url: URL, context: C): Response | Promise<Response> {
    const method = request.method === "HEAD" ? "GET" : request.method;
    const { pathname } = url;
    for (const route of routes) {
      const match = route.method === method ? route.pattern.exec(pathname) : null;
      if (!match) continue;
      const params = decodeParams(match.groups ?? {});
      return params === undefined
        ? problem(400, "bad_request", "The path holds a percent sign that encodes nothing")
        : route.handler(request, { ...context, url, params });
    }
    const others = routes.filter(({ pattern }) => pattern.test(pathname));
    if (others.length > 0) return wrongMethod(request.method, others);
    return method === "GET" ? otherwise(request, { ...context, url, params: {} }) : notFound();
  }
}

function decodeParams(
  groups: Readonly<Record<string, string>>,
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  try {
    for (const [name, value] of Object.entries(groups)) {
      params[name] = decodeURIComponent(value);
    }
    return params;
  } catch {
    return undefined;
  }
}

function wrongMethod(method: string, routes: readonly Route<never>[]): Response {
  const methods = new Set<string>(routes.map((route) => route.method));
  if (methods.has("GET")) methods.add("HEAD");
  const allow = [...methods.add("OPTIONS")].join(", ");
  return method === "OPTIONS"
    ? new Response(null, { status: 204, headers: { allow } })
    : problem(405, "method_not_allowed", `This path answers ${allow}: the method was ${method}`, {
      allow,
    });
}

function notFound(): Response {
  return problem(404, "not_found", "There is nothing at this path");
}

async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel();
  return new Response(null, response);
}
