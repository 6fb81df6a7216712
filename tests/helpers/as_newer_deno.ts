/**
 * Preloaded where the tests run on Deno 2.5 (`deno test --preload`): there each test is watched for timers and processes that outlive
 * it unless it says otherwise, in newer releases only if it says so. An engine's server, which many tests share, does outlive them.
 * And there `using` does not close a SQLite database, which only tests ask of it.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";

DatabaseSync.prototype[Symbol.dispose] ??= function (this: DatabaseSync) {
  this.close();
};

const { test } = Deno;
const quietly = { sanitizeOps: false, sanitizeResources: false };

type Options = Partial<Deno.TestDefinition>;

/** `Deno.test` with the defaults of newer releases. */
function testAsNewer(...args: unknown[]): void {
  const at = args.findIndex((arg) => typeof arg === "object" && arg !== null);
  if (at >= 0) args[at] = { ...quietly, ...args[at] as Options };
  else args.splice(args.length - 1, 0, quietly);
  (test as (...args: unknown[]) => void)(...args);
}

const { ignore, only, beforeAll, afterAll, beforeEach, afterEach } = test;
const others = { ignore, only, beforeAll, afterAll, beforeEach, afterEach };
Object.assign(Deno, { test: Object.assign(testAsNewer, others) });
