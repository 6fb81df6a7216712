/** "Prly": what our advisory locks begin with. */
const APPLICATION = 0x50726c79;

/** What is locked, for all instances at once. */
const LOCKED = { schema: 1, people: 2 } as const;

/** The call that takes a lock in SQL. It holds to the end of the transaction. */
export function lock(what: "schema" | "people"): string {
  return `pg_advisory_xact_lock(${APPLICATION}, ${LOCKED[what]})`;
}
