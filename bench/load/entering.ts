import type { Connection } from "./connection.ts";
import type { MemberPlan } from "./plan.ts";

/** No text that is waited for is longer. */
const TAIL = 64;
const decoder = new TextDecoder("latin1");

/** Takes a connection into its room, frame by frame. */
export class Entering {
  readonly #connection: Connection;
  /** What is to be waited for, and then sent: in turn. */
  readonly #steps: { readonly after?: string; readonly frame?: string }[];
  readonly #onDone: () => void;
  #text = "";

  /** `entered` is what is seen in the end, or `undefined` for those who stop before the last frame. */
  constructor(
    connection: Connection,
    { entrance }: MemberPlan,
    entered: string | undefined,
    onDone: () => void,
  ) {
    this.#connection = connection;
    this.#onDone = onDone;
    this.#steps = entered === undefined ? entrance.slice(0, -1) : [...entrance, { after: entered }];
    connection.hear = (bytes, from, to) => this.#hear(decoder.decode(bytes.subarray(from, to)));
  }

  #hear(text: string): void {
    // The first that is heard is that the socket is open, which needs no text.
    this.#text = this.#text.slice(-TAIL) + text;
    this.#go();
  }

  #go(): void {
    for (let step; (step = this.#steps[0]);) {
      if (step.after !== undefined) {
        const at = this.#text.indexOf(step.after);
        if (at < 0) return;
        this.#text = this.#text.slice(at + step.after.length);
      }
      this.#steps.shift();
      if (step.frame !== undefined) this.#connection.send([step.frame]);
    }
    this.#connection.hear = () => {};
    this.#onDone();
  }
}
