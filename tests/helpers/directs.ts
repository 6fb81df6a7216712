import { assert } from "@std/assert";
import type { User } from "../../lib/model/user.ts";
import { call, signIn } from "./api.ts";
import type { TestServer } from "./server.ts";

/** A direct room that does not exist. */
export const NOWHERE = "~01ARZ3NDEKTSV4RRFFQ69G5FAV";

/** Somebody who signed in. */
export interface SignedIn {
  /** Signs them in again. */
  readonly token: string;
  /** Who they are. */
  readonly user: User;
}

/** Signs people in. */
export async function signInAll<const N extends readonly string[]>(
  server: TestServer,
  ...names: N
): Promise<{ [I in keyof N]: SignedIn }> {
  const people = await Promise.all(names.map(async (name) => {
    const token = await signIn(server, name);
    const { json } = await call(server, "GET /api/session", { token });
    return { token, user: json.user };
  }));
  return people as { [I in keyof N]: SignedIn };
}

/** The direct room of somebody and the holder of a name. */
export async function openDirect(
  server: TestServer,
  { token }: SignedIn,
  name: string,
): Promise<string> {
  const { json, status } = await call(server, "POST /api/direct", { token, body: { name } });
  assert(status === 201 || status === 200, JSON.stringify(json));
  return json.room;
}
