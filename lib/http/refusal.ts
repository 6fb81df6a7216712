import type { StatusCode } from "@std/http/status";
import { type Refused, unavailable } from "../chat/outcome.ts";
import type { ErrorCode } from "../wire/codes.ts";
import { problem } from "./problem.ts";
import type { Handler } from "./router.ts";

const STATUS: Readonly<Record<ErrorCode, StatusCode>> = {
  bad_request: 400,
  unknown_type: 400,
  too_long: 413,
  rate_limited: 429,
  not_joined: 409,
  not_found: 404,
  forbidden: 403,
  name_taken: 409,
  bad_name: 400,
  unauthorized: 401,
  room_full: 409,
  too_many: 409,
  unavailable: 503,
};

/** Thrown by a handler that refuses what it was asked for. */
export class Refusal extends Error {
  /** The class. */
  override readonly name = "Refusal";
  /** What the client is told. */
  readonly refused: Refused;

  /** Carries what the client is told. */
  constructor(refused: Refused) {
    super(refused.message);
    this.refused = refused;
  }
}

/** Makes of a handler that may throw a {@linkcode Refusal}, or find the store out of reach, one that answers with a problem. */
export function refusing<C>(handler: Handler<C>): Handler<C> {
  return async (request, context) => {
    try {
      return await handler(request, context);
    } catch (error) {
      return answer(error instanceof Refusal ? error.refused : unavailable(error));
    }
  };
}

function answer({ code, message, retryAfterMs }: Refused): Response {
  const headers = new Headers();
  if (code === "unauthorized") headers.set("www-authenticate", "Bearer");
  if (retryAfterMs !== undefined) {
    headers.set("retry-after", String(Math.ceil(retryAfterMs / 1000)));
  }
  return problem(STATUS[code], code, message, headers);
}
