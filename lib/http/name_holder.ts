import type { Identity } from "../auth/tokens.ts";
import { refused } from "../chat/outcome.ts";
import { NAME_KEPT_MS } from "../socket/services.ts";
import type { Store } from "../store/store.ts";
import { Refusal } from "./refusal.ts";

/** For how long a name is kept for somebody who signed in and has no connection yet, in milliseconds. */
export const NAME_RESERVED_MS = 60_000;

/**
 * Rejects with a {@linkcode Refusal} if somebody else holds a person's name by now.
 *
 * A token outlives the name that it tells: what is said or made under a name must come from its holder.
 */
export async function assertHoldsName(
  { user, guest }: Identity,
  store: Pick<Store, "reserve">,
): Promise<void> {
  if (await store.reserve(user, guest ? NAME_RESERVED_MS : NAME_KEPT_MS)) return;
  throw new Refusal(refused("name_taken", `Somebody else holds the name "${user.name}" by now`));
}
