import { decodeTime, ulid } from "@std/ulid";
import type { KvDatabase } from "./kv_database.ts";
import { KEYS } from "./kv_keys.ts";
import { endLeases } from "./kv_leases.ts";
import { type KvTransaction, numberOf, transact } from "./kv_transaction.ts";

/**
 * The form of what is stored. A release that writes another one, which the release before it cannot serve, has a higher
 * number here, and knows how to go on from the lower ones.
 */
const VERSION = 1;
/** As many as HMAC-SHA-256 gives out (RFC 2104, section 3). */
const SECRET_BYTES = 32;

const VERSION_KEY = KEYS.shared("version");
const EPOCH_KEY = KEYS.shared("epoch");
const SECRET_KEY = KEYS.shared("secret");
const FILE_KEY = KEYS.shared("file");

/** The epoch of a log in Deno KV, and the key that signs tokens. */
export class KvEpoch {
  readonly #db: KvDatabase;

  /** Reads from the database; it must have been made ready by {@linkcode prepare} once. */
  constructor(db: KvDatabase) {
    this.#db = db;
  }

  /**
   * Makes a log where there is none, and gives it a new epoch if it was last opened in another file than `file` names: it
   * is a copy, and may be an older one. `file` is empty for a database that is not in a file.
   *
   * Rejects with an `Error` of one sentence for the person who runs the server if a newer release made its data.
   */
  async prepare(file: string): Promise<void> {
    const { value: version } = await transact(this.#db, async (tx) => {
      const version = await tx.guard<number>(VERSION_KEY);
      if (version !== undefined && version > VERSION) return version;
      const lastFile = await tx.guard<string>(FILE_KEY);
      if (file !== "" && lastFile !== file) tx.set(FILE_KEY, file);
      if (version !== undefined) {
        const isCopy = lastFile !== undefined && file !== "" && lastFile !== file;
        if (isCopy) await this.#renew(tx, (await tx.guard<string>(EPOCH_KEY))!);
        return version;
      }
      tx.set(VERSION_KEY, VERSION);
      tx.set(EPOCH_KEY, ulid());
      tx.set(SECRET_KEY, crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
      return VERSION;
    });
    if (version <= VERSION) return this.#db.witness.begin(await this.read(), 0);
    throw new Error(
      `Cannot use the Deno KV database as a newer release made its data, version ${version}, and this one knows versions up to ${VERSION}`,
    );
  }

  /** The epoch. */
  async read(): Promise<string> {
    return (await this.#db.get<string>(EPOCH_KEY)).value!;
  }

  /** Gives the log a new epoch if something is lost that this instance was told under this one; answers the epoch. */
  async look(): Promise<string> {
    const { witness } = this.#db;
    const { stored } = witness;
    const [mark, epoch] = [await this.#db.get(witness.key), await this.read()];
    witness.found(numberOf(mark), stored);
    if (!witness.hasLost(epoch)) {
      witness.begin(epoch, numberOf(mark));
      return epoch;
    }
    await this.renew(epoch);
    const renewed = await this.read();
    witness.begin(renewed, numberOf(mark));
    return renewed;
  }

  /** Gives the log a new epoch, unless it has another one already; all leases end with it. */
  async renew(epoch: string): Promise<void> {
    await transact(this.#db, async (tx) => {
      if (await tx.guard<string>(EPOCH_KEY) === epoch) await this.#renew(tx, epoch);
    });
  }

  async #renew(tx: KvTransaction, epoch: string): Promise<void> {
    // Later than the one before, whatever the clock says.
    tx.set(EPOCH_KEY, ulid(Math.max(decodeTime(epoch) + 1, Date.now())));
    await endLeases(this.#db, tx);
  }

  /** The key that signs tokens. */
  async secret(): Promise<Uint8Array> {
    return (await this.#db.get<Uint8Array>(SECRET_KEY)).value!;
  }
}
