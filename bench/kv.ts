import { openKvLink } from "../lib/link/kv.ts";
import { LINK_VERSION } from "../lib/link/link.ts";
import { openKv } from "../lib/store/kv.ts";
import { TemporaryFolder } from "../tests/helpers/process.ts";
import { send } from "../tests/store/drafts.ts";

/** For how long each rate is measured, in milliseconds. */
const ROUND_MS = 2_000;
const ROUNDS = 3;
const BATCH = 50;
const AT_ONCE = 3_000;
const POSTS = 100;
/** Between two posts, in milliseconds. */
const PAUSE_MS = 20;

/**
 * Measures Deno KV in a file: its bare commits of one key, and beside them in turn what the store appends and how long a post takes to
 * another handle. Medians, by what was measured, with their unit.
 */
export async function measureKv(): Promise<ReadonlyMap<string, string>> {
  using folder = new TemporaryFolder();
  const path = `${folder.path}/figures.kv`;
  const address = { kind: "file", path } as const;
  const [{ store, database }, other] = [await openKv(address), await openKv(address)];
  using bare = await Deno.openKv(`${folder.path}/bare.kv`);
  const rates = {
    "bare commits of one key": () => perSecond(1, () => bare.set(["key"], "value")),
    "messages, one a call": () => perSecond(1, () => store.append([send()])),
    [`messages, ${BATCH} a call`]: () => perSecond(BATCH, () => store.append(sends(BATCH))),
    [`messages, ${AT_ONCE} calls at once`]: () =>
      perSecond(AT_ONCE, () => Promise.all(sends(AT_ONCE).map((draft) => store.append([draft])))),
  };
  const found = new Map(Object.keys(rates).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, measure] of Object.entries(rates)) found.get(name)!.push(await measure());
  }
  const figures = new Map([...found].map(([name, all]) => [name, `${at(all, 0.5).toFixed(0)}/s`]));

  let arrived = (_ms: number) => {};
  const receiving = await openKvLink(other.database, "other", (post) => {
    arrived(performance.now() - Number(post.epoch));
  });
  const posting = await openKvLink(database, "one", () => {});
  const times: number[] = [];
  for (let post = 0; post < POSTS; post++) {
    const { promise, resolve } = Promise.withResolvers<number>();
    arrived = resolve;
    posting.post({ v: LINK_VERSION, from: "one", epoch: String(performance.now()) });
    times.push(await promise);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  figures.set("from a post to another handle, p50", `${at(times, 0.5).toFixed(1)} ms`);
  figures.set("the same, p99", `${at(times, 0.99).toFixed(1)} ms`);
  for (const one of [receiving, posting, store, other.store]) await one.close();
  return figures;
}

function sends(count: number) {
  return Array.from({ length: count }, () => send());
}

/** How much is done in a second by calls that each do `amount`, one after the other. */
async function perSecond(amount: number, call: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  let done = 0;
  while (performance.now() - since < ROUND_MS) {
    await call();
    done += amount;
  }
  return done / (performance.now() - since) * 1_000;
}

/** The value below which a part of all is. */
function at(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(part * values.length)]!;
}
