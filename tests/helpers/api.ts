import { assertEquals } from "@std/assert";
import type { TestServer } from "./server.ts";

/** A request to the API: its method and path, and what goes with it. */
export interface Call {
  /** Who sends it. */
  readonly token?: string;
  /** As JSON, unless it is a text. */
  readonly body?: unknown;
  /** More headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls the API, and answers the response with its body, read as JSON if there is one. */
export async function call(server: TestServer, route: string, { token, body, headers }: Call = {}) {
  const [method, path] = route.split(" ");
  const response = await fetch(server.url + path, {
    method,
    body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
    headers: { ...headers, ...token !== undefined && { authorization: `Bearer ${token}` } },
  });
  const text = await response.text();
  return { response, status: response.status, json: text === "" ? undefined : JSON.parse(text) };
}

/** Signs in, and answers the token. */
export async function signIn(server: TestServer, name: string): Promise<string> {
  const { status, json } = await call(server, "POST /api/session", { body: { name } });
  assertEquals(status, 200);
  return json.token;
}
