import type { Store } from "../../lib/store/store.ts";
import { directContracts } from "./direct_contract.ts";
import { historyContract } from "./history_contract.ts";
import { leaseContract } from "./lease_contract.ts";
import { logContract } from "./log_contract.ts";
import { nameContract } from "./name_contract.ts";
import { presenceContract } from "./presence_contract.ts";
import { retentionContract } from "./retention_contract.ts";
import { searchContract } from "./search_contract.ts";
import { restoreContract, sharedContract } from "./shared_contract.ts";
import { standingContract } from "./standing_contract.ts";

/** An empty database that one test has to itself. */
export interface TestDatabase extends AsyncDisposable {
  /** Opens one more handle to it, as another instance would. */
  open(): Promise<Store>;
  /** Keeps its state, while no handle is open, and answers what winds it back to that; if it outlives its handles. */
  keep?(): Promise<() => Promise<void>>;
}

/** What a case of the contract works with. */
export interface Setting {
  readonly store: Store;
  /** Another handle to the same database. */
  readonly other: Store;
  readonly database: TestDatabase;
}

/** What a store must do: a sentence a row, and the case that proves it. */
export type Contract = Readonly<Record<string, (setting: Setting) => Promise<void>>>;

/**
 * Registers the tests that every store passes.
 *
 * `create` makes a database for one test. Leases and names that must hold in a test are given 60 s and those that must
 * run out 1 ms, so that an engine may go by its own clock. `isKept` says whether a database outlives its handles, and `searches` whether
 * it can search.
 */
export function storeContract(
  name: string,
  create: () => Promise<TestDatabase>,
  { isKept = true, searches = true } = {},
): void {
  const contracts: readonly Contract[] = [
    logContract,
    historyContract,
    sharedContract,
    nameContract,
    presenceContract,
    leaseContract,
    standingContract,
    retentionContract,
    ...(searches ? [searchContract] : []),
    ...directContracts,
    ...(isKept ? [restoreContract] : []),
  ];
  for (const [sentence, prove] of contracts.flatMap(Object.entries<Contract[string]>)) {
    Deno.test(`${name} ${sentence}`, async () => {
      await using database = await create();
      const [store, other] = await Promise.all([database.open(), database.open()]);
      try {
        await prove({ store, other, database });
      } finally {
        await Promise.all([store.close(), other.close()]);
      }
    });
  }
}
