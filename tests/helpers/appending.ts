import { Appender } from "../../lib/chat/appender.ts";
import type { Room } from "../../lib/chat/room.ts";
import { Tick } from "../../lib/chat/tick.ts";
import { Meter } from "../../lib/meter.ts";
import type { Draft } from "../../lib/model/change.ts";
import { type Appended, type Store, StoreUnavailableError } from "../../lib/store/store.ts";

/** An appender whose turns end at once: each draft is a call of its own. */
export function appenderAtOnce(store: Store): Appender {
  return new Appender({
    store,
    tick: new Tick((flush) => flush()),
    meter: new Meter(),
    onFailure: (error) => {
      throw error;
    },
  });
}

/** Appends to a room. Resolves once everyone was told; rejects with the {@linkcode StoreUnavailableError} that is answered. */
export function append(
  room: Room,
  draft: Draft,
  answer: (appended: Appended) => void = () => {},
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  room.append(draft, (appended) => {
    if (appended instanceof StoreUnavailableError) return reject(appended);
    answer(appended);
    resolve();
  });
  return promise;
}
