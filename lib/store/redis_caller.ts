import { ErrorReply } from "redis";
import type { RedisConnection } from "./redis_connection.ts";
import { MISSING, type RedisScript } from "./redis_script.ts";
import { StoreUnavailableError } from "./store.ts";

/** What a server answers that would do as asked if it could; what it answers else is the program's fault. */
const UNABLE =
  /\b(LOADING|READONLY|MASTERDOWN|OOM|MISCONF|NOREPLICAS|BUSY|TRYAGAIN|CLUSTERDOWN|NOAUTH|NOPERM|UNKILLABLE)\b/;
/** What it answers when it is not the primary any more: whoever connects again finds the one that is. */
const DEMOTED = /\b(READONLY|MASTERDOWN)\b/;

interface Call {
  readonly script: RedisScript;
  readonly args: readonly string[];
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** How a {@linkcode RedisCaller} is made. */
export interface RedisCallerOptions {
  /** How to reach the server. */
  readonly connection: RedisConnection;
  /** What all keys begin with. */
  readonly prefix: string;
  /** The key without which nothing is done. */
  readonly pass: () => string;
  /** Loads the scripts, and arrives: makes a log where there is none, and another pass. */
  readonly mend: () => Promise<void>;
}

/**
 * Runs scripts, in the order in which it is asked to.
 *
 * A server that has forgotten the scripts or the log does nothing: all that was called then is called again when that
 * is mended, and what comes meanwhile after it.
 */
export class RedisCaller {
  readonly #options: RedisCallerOptions;
  #underWay = 0;
  /** Calls that found something missing. */
  #again: Call[] = [];
  /** Calls that came after those. */
  #waiting: Call[] = [];
  #mending = false;

  /** The connection must have been prepared by what mends it too. */
  constructor(options: RedisCallerOptions) {
    this.#options = options;
  }

  /** Runs a script. Rejects with {@linkcode StoreUnavailableError} when no answer can be had. */
  run(script: RedisScript, args: readonly (string | number)[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const call = { script, args: args.map(String), resolve, reject };
      if (this.#again.length > 0 || this.#mending) this.#waiting.push(call);
      else this.#send(call);
    });
  }

  async #send(call: Call, isRepeat = false): Promise<void> {
    const { connection, prefix, pass } = this.#options;
    const { source, sha } = call.script;
    this.#underWay++;
    try {
      // Whatever else is flushed meanwhile, a repeat finds what it needs.
      const command = isRepeat ? ["EVAL", source] : ["EVALSHA", sha];
      call.resolve(await connection.send([...command, "2", prefix, pass(), ...call.args]));
    } catch (error) {
      if (!isRepeat && isMissing(error)) this.#again.push(call);
      else call.reject(this.#translate(error));
    } finally {
      this.#underWay--;
      if (this.#underWay === 0 && this.#again.length > 0 && !this.#mending) this.#mend();
    }
  }

  async #mend(): Promise<void> {
    this.#mending = true;
    let failure: unknown;
    try {
      await this.#options.mend();
    } catch (error) {
      failure = this.#translate(error);
    }
    const [again, waiting] = [this.#again, this.#waiting];
    this.#again = [];
    this.#waiting = [];
    this.#mending = false;
    if (failure === undefined) {
      for (const call of again) this.#send(call, true);
      for (const call of waiting) this.#send(call);
    } else {
      for (const { reject } of [...again, ...waiting]) reject(failure);
    }
  }

  #translate(error: unknown): unknown {
    if (error instanceof StoreUnavailableError) return error;
    const message = error instanceof Error ? error.message : String(error);
    if (DEMOTED.test(message)) this.#options.connection.renew(message);
    const isFault = error instanceof ErrorReply && !UNABLE.test(message) && !isMissing(error);
    return isFault
      ? new Error(`Redis could not do what the program asked for: ${message}`)
      : new StoreUnavailableError(`Redis cannot answer: ${message}`, { cause: error });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof ErrorReply &&
    (error.message.includes("NOSCRIPT") || error.message.includes(MISSING));
}
