/** FNV-1a, 32 bits. */
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** What happened in a run, as one number: two runs with the same number were the same. */
export class Trace {
  readonly #now: () => number;
  readonly #write: ((line: string) => void) | undefined;
  readonly #masked: string[] = [];
  #hash = OFFSET;

  /** `write` gets each line, for who reads them. */
  constructor(now: () => number, write?: (line: string) => void) {
    this.#now = now;
    this.#write = write;
  }

  /** The number. */
  get hash(): number {
    return this.#hash >>> 0;
  }

  /** Leaves out a text from now on that differs from run to run and means nothing: an epoch. */
  mask(epoch: string): void {
    this.#masked.push(epoch);
  }

  /** Adds what happened at this moment. */
  note(what: string): void {
    let line = `${this.#now()} ${what}`;
    this.#masked.forEach((epoch, index) => line = line.replaceAll(epoch, `EPOCH ${index}`));
    let hash = this.#hash;
    for (let index = 0; index < line.length; index++) {
      hash = Math.imul(hash ^ line.charCodeAt(index), PRIME);
    }
    this.#hash = hash;
    this.#write?.(line);
  }
}
