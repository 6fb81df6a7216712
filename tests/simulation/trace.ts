/** FNV-1a, 32 bits. */
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** What happened in a run, as one number: two runs with the same number were the same. */
export class Trace {
  readonly #now: () => number;
  readonly #write: ((line: string) => void) | undefined;
  readonly #masked: string;
  #hash = OFFSET;

  /** `masked` is a text that differs from run to run and means nothing; `write` gets each line, for who reads them. */
  constructor(now: () => number, masked: string, write?: (line: string) => void) {
    this.#now = now;
    this.#masked = masked;
    this.#write = write;
  }

  /** The number. */
  get hash(): number {
    return this.#hash >>> 0;
  }

  /** Adds what happened at this moment. */
  note(what: string): void {
    const line = `${this.#now()} ${what.replaceAll(this.#masked, "EPOCH")}`;
    let hash = this.#hash;
    for (let index = 0; index < line.length; index++) {
      hash = Math.imul(hash ^ line.charCodeAt(index), PRIME);
    }
    this.#hash = hash;
    this.#write?.(line);
  }
}
