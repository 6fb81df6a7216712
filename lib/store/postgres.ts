import { PostgresClient } from "./postgres_client.ts";
import { isUnreachable, reasonOf, toStoreError } from "./postgres_errors.ts";
import { PostgresPeople } from "./postgres_people.ts";
import { migrate, SchemaError } from "./postgres_schema.ts";
import { PostgresStore } from "./postgres_store.ts";
import { type Store, StoreUnavailableError } from "./store.ts";

/** How {@linkcode openPostgres} opens a store. */
export interface PostgresStoreOptions {
  /** The most connections that the store holds; the link has one more. */
  readonly connections: number;
}

/**
 * Opens the store in a PostgreSQL database, and makes its schema or brings it up to date.
 *
 * `address` is `postgres://user:password@host:port/database`, with `?sslmode=` where TLS is wanted. Rejects with {@linkcode StoreUnavailableError} as
 * long as the server cannot be reached, and with an `Error` of one sentence for the person who runs Parley if the
 * database cannot be used. Neither holds a password.
 */
export async function openPostgres(
  address: string,
  { connections }: PostgresStoreOptions,
): Promise<Store> {
  const client = tryTo(() => new PostgresClient(address, { max: connections }));
  const people = new PostgresPeople(client);
  // An empty database may take the place of the one that was opened here.
  client.onSchemaGone(async () => {
    try {
      await migrate(client);
    } catch (error) {
      throw toStoreError(error);
    }
  });
  try {
    await migrate(client);
    await people.open();
    return new PostgresStore(client, people);
  } catch (error) {
    await client.close();
    if (error instanceof StoreUnavailableError) throw error;
    if (error instanceof SchemaError || !isUnreachable(error)) throw cannotOpen(error);
    throw new StoreUnavailableError(reasonOf(error));
  }
}

function tryTo<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw cannotOpen(error);
  }
}

function cannotOpen(error: unknown): Error {
  return new Error(`Cannot open the PostgreSQL database: ${reasonOf(error)}`);
}
