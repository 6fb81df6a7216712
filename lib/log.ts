import type { LogLevel } from "./config.ts";

/** What a record says beside its message. An error is written with its stack. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes records of one line each. Neither message nor fields may hold a token or a password. */
export interface Logger {
  /** For whoever looks for a fault. */
  debug(message: string, fields?: LogFields): void;
  /** What an operator likes to know. */
  info(message: string, fields?: LogFields): void;
  /** Something is wrong, and the server copes. */
  warn(message: string, fields?: LogFields): void;
  /** Something failed. */
  error(message: string, fields?: LogFields): void;
}

/** What {@linkcode createLogger} takes beside the level. */
export interface LoggerOptions {
  /** Written with every record, such as the instance. */
  readonly fields?: LogFields;
  /** The time, in milliseconds since 1970. */
  readonly now?: () => number;
  /** Where lines go; `warn` and `error` are for people who look for trouble. */
  readonly sink?: Pick<Console, "log" | "error">;
}

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/**
 * Makes a logger that drops what is below `level`.
 *
 * `debug` and `info` go to standard output, `warn` and `error` to standard error.
 */
export function createLogger(level: LogLevel, options: LoggerOptions = {}): Logger {
  const { fields: always = {}, now = Date.now, sink = console } = options;
  const writer = (of: LogLevel, write: (line: string) => void): Logger["info"] => {
    if (LEVELS.indexOf(of) < LEVELS.indexOf(level)) return () => {};
    return (message, fields) => {
      const time = new Date(now()).toISOString();
      const pairs = Object.entries({ ...always, ...fields });
      const tail = pairs.map(([key, value]) => ` ${key}=${format(value)}`).join("");
      write(`${time} ${of.toUpperCase().padEnd(5)} ${hideSecrets(message)}${tail}`);
    };
  };
  return {
    debug: writer("debug", sink.log),
    info: writer("info", sink.log),
    warn: writer("warn", sink.error),
    error: writer("error", sink.error),
  };
}

/** A password in a URL, and a signed token: errors of other libraries may quote either. */
const SECRET = /(?<=:\/\/)[^/\s@"]*(?=@)|\beyJ[\w-]+\.[\w-]+\.[\w-]+/g;

function format(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(hideSecrets(value.stack ?? String(value)));
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? String(value);
  const shown = hideSecrets(text);
  return /^[^\s"=\p{Cc}]+$/u.test(shown) || typeof value !== "string"
    ? shown
    : JSON.stringify(shown);
}

function hideSecrets(text: string): string {
  return text.replace(SECRET, "***");
}
