import { parseName } from "../model/names.ts";
import { CLOSE } from "../wire/codes.ts";
import type { Credentials } from "./credentials.ts";
import { type Identity, newUserId, type Tokens } from "./tokens.ts";

/** Why a connection is turned away: the code that closes it, and a sentence for a person. */
export interface Refusal {
  /** The close code. */
  readonly code: number;
  /** What was expected. */
  readonly reason: string;
}

/** Finds out who a `parley.v1` connection speaks for, or why it may not speak. */
export async function identify(
  credentials: Credentials,
  tokens: Tokens,
): Promise<Identity | Refusal> {
  switch (credentials.kind) {
    case "token":
      return await tokens.verify(credentials.token) ??
        { code: CLOSE.unauthorized, reason: "the token is not valid here, or has run out" };
    case "username": {
      const parsed = parseName(credentials.name);
      if (!parsed.ok) return { code: CLOSE.policy, reason: parsed.reason };
      return { user: { id: newUserId(), name: parsed.name }, guest: true };
    }
    case "none":
      return { code: CLOSE.unauthorized, reason: "sign in first" };
  }
}
