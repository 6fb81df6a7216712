import type { ChangeCommand } from "../../lib/wire/protocol.ts";
import type { Random } from "../simulation/random.ts";

/** The room in which it all happens. */
export const ROOM = "general";

const EMOJI = ["👍", "🎉", "❤️"];
/** Of how many of its newest messages a client picks one to change. */
const NEWEST = 20;

/** What a tireless client wants to do next, by chance: mostly to say something, and else to change what was said. */
export class TirelessWishes {
  readonly #random: Random;
  /** Messages of its own that it has not deleted. */
  readonly #own: string[] = [];
  #newest: string | undefined;

  /** It has said and heard nothing yet. */
  constructor(random: Random) {
    this.#random = random;
  }

  /** Notes a message that was heard. */
  hear(id: string): void {
    this.#newest = id;
  }

  /** Notes a message of its own. */
  said(id: string): void {
    this.#own.push(id);
  }

  /** The next command; a send gets `ref` as its nonce. */
  next(ref: string): ChangeCommand {
    const random = this.#random;
    const deed = random.next();
    const own = this.#own.slice(-NEWEST);
    if (deed < 0.12 && own.length > 0) {
      return { type: "edit", room: ROOM, id: random.pick(own), text: `${ref}, better` };
    }
    if (deed < 0.16 && own.length > 0) {
      const [id] = this.#own.splice(this.#own.indexOf(random.pick(own)), 1);
      return { type: "delete", room: ROOM, id: id! };
    }
    if (deed < 0.3 && this.#newest !== undefined) {
      const id = random.pick([this.#newest, ...own]);
      return { type: "react", room: ROOM, id, emoji: random.pick(EMOJI), on: random.chance(0.7) };
    }
    return { type: "send", room: ROOM, text: ref, nonce: ref };
  }
}
