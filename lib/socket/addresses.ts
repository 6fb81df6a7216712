/** How many sockets each address holds open. */
export class Addresses {
  readonly #open = new Map<string, number>();
  readonly #limit: number;
  #onEmpty: (() => void) | undefined;

  /** Each address may hold `limit` sockets. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts a socket of an address; `false` if it holds as many as it may. Each one counted must be given back. */
  take(address: string): boolean {
    const open = this.#open.get(address) ?? 0;
    if (open >= this.#limit) return false;
    this.#open.set(address, open + 1);
    return true;
  }

  /** Gives a socket of an address back. */
  give(address: string): void {
    const open = (this.#open.get(address) ?? 0) - 1;
    if (open > 0) this.#open.set(address, open);
    else this.#open.delete(address);
    if (this.#open.size === 0) this.#onEmpty?.();
  }

  /** Resolves when no socket is open any more, or after `atMostMs`. */
  async emptied(atMostMs: number): Promise<void> {
    if (this.#open.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onEmpty = resolve;
    const timer = setTimeout(resolve, atMostMs);
    await promise;
    clearTimeout(timer);
  }
}
