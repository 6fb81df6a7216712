import { STATUS_TEXT, type StatusCode } from "@std/http/status";
import type { ErrorCode } from "../wire/codes.ts";

/** Why a request failed: what a socket may be told, and what only HTTP knows. */
export type ProblemCode = ErrorCode | "method_not_allowed" | "internal";

/**
 * Answers a request that failed with problem details (RFC 9457).
 *
 * `code` is for programs, `detail` for a person: what was expected, and what came.
 */
export function problem(
  status: number,
  code: ProblemCode,
  detail: string,
  headers?: HeadersInit,
): Response {
  const body = {
    type: "about:blank",
    title: STATUS_TEXT[status as StatusCode],
    status,
    detail,
    code,
  };
  const response = Response.json(body, { status, headers });
  response.headers.set("content-type", "application/problem+json");
  response.headers.set("cache-control", "no-store");
  return response;
}
