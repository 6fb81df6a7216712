import { type Link, LINK_VERSION, type OpenLink, type Post } from "../link/link.ts";
import type { Change } from "../model/change.ts";
import type { User } from "../model/user.ts";
import type { Direct, Mark, Moved } from "../store/store.ts";
import type { Room } from "./room.ts";
import type { Flushable, Tick } from "./tick.ts";

/** How long after its last change a room's head is posted once more, in milliseconds. */
export const SETTLE_MS = 200;

/** The open rooms, of which a {@linkcode Poster} tells. */
export interface PostedRooms {
  /** The epoch of their log; `undefined` while none is known. */
  readonly epoch: string | undefined;
  /** Their names. */
  readonly names: readonly string[];
  /** One of them. */
  get(name: string): Room | undefined;
}

/** What a {@linkcode Poster} works with. */
export interface PosterServices {
  /** The name of this instance. */
  readonly instance: string;
  /** Posts at the end of a turn in which something came up. */
  readonly tick: Tick;
  /** What is told of. */
  readonly rooms: PostedRooms;
}

/** What waits for the tick's post. */
interface Outgoing {
  changes: Change[];
  heads: { room: string; seq: number }[];
  moves: Moved[];
  typing: { room: string; user: User; on: boolean }[];
  reads: Mark[];
  directs: Direct[];
  takenOver: string[];
}

/** Tells the other instances what comes up here: all of a turn in one post, and how far a room is when a burst is over. */
export class Poster implements Flushable {
  readonly #services: PosterServices;
  /** Rooms whose head is still to be posted once more, and whether they changed since it was last thought of. */
  readonly #bursts = new Map<string, boolean>();
  #settleTimer: ReturnType<typeof setTimeout> | undefined;
  #link: Link | undefined;
  #outgoing: Outgoing = nothing();

  /** What comes up before it is connected is told to nobody. */
  constructor(services: PosterServices) {
    this.#services = services;
  }

  /** How the others hear of changes; `undefined` before it is connected. */
  get changes(): Link["changes"] | undefined {
    return this.#link?.changes;
  }

  /** Opens the link to the others: `receive` is called with their posts, `onRejoined` when it was lost for a while. */
  async connect(
    openLink: OpenLink,
    receive: (post: Post) => void,
    onRejoined: () => void,
  ): Promise<void> {
    this.#link = await openLink(receive, () => {
      onRejoined();
      // What was posted meanwhile is lost.
      for (const name of this.#services.rooms.names) this.#postHead(name);
    });
  }

  /** A change was stored here. */
  changed(change: Change): void {
    this.#bursts.set(change.room, true);
    this.#settleLater();
    if (this.#link?.changes === "stored") return;
    this.#outgoing.changes.push(change);
    this.#postSoon();
  }

  /** People came into rooms or left them. */
  moved(moves: readonly Moved[]): void {
    this.#outgoing.moves.push(...moves);
    this.#postSoon();
  }

  /** Somebody here is typing, or stopped. */
  typed(room: string, user: User, on: boolean): void {
    this.#outgoing.typing.push({ room, user, on });
    this.#postSoon();
  }

  /** A person has read so far. */
  read(mark: Mark): void {
    this.#outgoing.reads.push(mark);
    this.#postSoon();
  }

  /** Two people have a direct room that they may not know of. */
  introduced(direct: Direct): void {
    this.#outgoing.directs.push(direct);
    this.#postSoon();
  }

  /** Somebody's connections elsewhere gave way to one here. */
  tookOver(userId: string): void {
    this.#outgoing.takenOver.push(userId);
    this.#postSoon();
  }

  /** Posts what the turn gathered. */
  flush(): void {
    const outgoing = this.#outgoing;
    this.#outgoing = nothing();
    if (this.#link?.changes === "heads") {
      outgoing.heads.push(...headsOf(outgoing.changes));
      outgoing.changes = [];
    }
    const { instance: from, rooms: { epoch } } = this.#services;
    this.#link?.post({ v: LINK_VERSION, from, epoch, ...outgoing });
  }

  /** Leaves the link, and lets go of the timer. */
  async close(): Promise<void> {
    clearTimeout(this.#settleTimer);
    await this.#link?.close();
  }

  #postSoon(): void {
    this.#services.tick.request("link", this);
  }

  #settleLater(): void {
    this.#settleTimer ??= setTimeout(() => {
      this.#settleTimer = undefined;
      for (const [room, busy] of this.#bursts) {
        if (busy) this.#bursts.set(room, false);
        else this.#postHead(room);
      }
      if (this.#bursts.size > 0) this.#settleLater();
    }, SETTLE_MS);
  }

  #postHead(name: string): void {
    this.#bursts.delete(name);
    const room = this.#services.rooms.get(name);
    if (!room) return;
    this.#outgoing.heads.push({ room: name, seq: room.delivered });
    // The post that introduced it may be lost.
    if (room.direct) this.#outgoing.directs.push(room.direct);
    this.#postSoon();
  }
}

/** How far each room has come by changes in rising order. */
function headsOf(changes: readonly Change[]): Outgoing["heads"] {
  const heads = new Map(changes.map(({ room, seq }) => [room, seq]));
  return Array.from(heads, ([room, seq]) => ({ room, seq }));
}

function nothing(): Outgoing {
  return { changes: [], heads: [], moves: [], typing: [], reads: [], directs: [], takenOver: [] };
}
