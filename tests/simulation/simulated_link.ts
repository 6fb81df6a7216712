import type { Link, OpenLink, Post } from "../../lib/link/link.ts";
import type { Gate } from "./gate.ts";
import type { World } from "./world.ts";

/** One instance's end of the link. */
interface End {
  readonly gate: Gate;
  readonly receive: (post: Post) => void;
}

/** Joins the instances of one store, as badly as a link may: it loses, repeats, reorders and delays posts. */
export class Carrier {
  readonly #world: World;
  readonly #ends = new Set<End>();

  /** Nobody is joined at first. */
  constructor(world: World) {
    this.#world = world;
  }

  /** What an instance opens its end with. */
  opener(gate: Gate): OpenLink {
    return (receive): Link => {
      const end: End = { gate, receive };
      this.#ends.add(end);
      return {
        changes: this.#world.faults.linkChanges,
        post: (post) => gate.pass(() => this.#carry(end, JSON.stringify(post))),
        close: () => {
          this.#ends.delete(end);
          return Promise.resolve();
        },
      };
    };
  }

  #carry(from: End, post: string): void {
    const { clock, faults } = this.#world;
    for (const end of this.#ends) {
      if (end === from) continue;
      for (let copies = faults.linkCopies(); copies > 0; copies--) {
        clock.after(faults.linkMs(), () => end.gate.pass(() => this.#hand(end, JSON.parse(post))));
      }
    }
  }

  #hand(end: End, post: Post): void {
    if (this.#ends.has(end)) end.receive(post);
  }
}
