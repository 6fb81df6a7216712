import { StoreUnavailableError } from "./store.ts";

/** Codes of errors that lie in the program: malformed statements and values, and rows that contradict each other. */
const OURS = /^(0A|20|21|22|23|42|P0)/;
/** The right to do something was taken away. */
const FORBIDDEN = "42501";
/** A table, a schema or a function is not there: somebody put another database in the place of the one that was opened. */
const GONE = new Set(["3F000", "42P01", "42883"]);
/** A transaction fell behind others, and may be tried again. */
const FELL_BEHIND = new Set(["40001", "40P01"]);
/** The server is starting or ending, or has no connection left. */
const LATER = /^(57P0[123]|53300|08)/;
/** A connection ended, as the driver and the system say it; the last two are what older releases of Deno say of a failed write. */
const CUT = new Set([
  "CONNECTION_CLOSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EBADF",
  "UNKNOWN",
]);
/** What the driver says of a statement that was taken back before it was sent. The server says it of one that it has ended. */
const TAKEN_BACK = "57014";

/** Whether a failed call may be done again at once: it has changed nothing. */
export function fellBehind(error: unknown): boolean {
  return FELL_BEHIND.has(codeOf(error) ?? "");
}

/** Whether a statement was taken back before it was sent: it may be asked again. */
export function isTakenBack(error: unknown): boolean {
  return codeOf(error) === undefined && (error as { code?: string }).code === TAKEN_BACK;
}

/** Whether what the schema makes is not in the database. */
export function isSchemaGone(error: unknown): boolean {
  return GONE.has(codeOf(error) ?? "");
}

/** Whether a connection ended that could be used. */
export function isCut(error: unknown): boolean {
  return CUT.has((error as { code?: string }).code ?? "");
}

/** Whether nobody could be asked, as long as it is not known that the settings are wrong. */
export function isUnreachable(error: unknown): boolean {
  const code = codeOf(error);
  return code === undefined || LATER.test(code);
}

/** What a call rejects with: {@linkcode StoreUnavailableError} for all that lies outside the program. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof StoreUnavailableError) return error;
  const code = codeOf(error);
  if (code !== undefined && OURS.test(code) && code !== FORBIDDEN && !GONE.has(code)) return error;
  return new StoreUnavailableError(reasonOf(error));
}

/** Why something failed, in one sentence. */
export function reasonOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  // An attempt at several addresses fails with an error that says nothing but its code.
  return message || code || String(error);
}

/** The server's own code of an error (SQLSTATE), or `undefined` if it came from elsewhere. */
function codeOf(error: unknown): string | undefined {
  const { name, code } = error as { name?: string; code?: string };
  return name === "PostgresError" ? code : undefined;
}
