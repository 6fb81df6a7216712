import type { Credentials } from "../auth/credentials.ts";
import type { Refusal } from "../auth/identify.ts";
import { plainUserId } from "../auth/tokens.ts";
import type { Batch } from "../chat/batch.ts";
import { badRoomName, type Refused, refused, tooFast } from "../chat/outcome.ts";
import type { Member } from "../chat/members.ts";
import type { Room } from "../chat/room.ts";
import { GENERAL, isDirectName, isRoomName, parseName } from "../model/names.ts";
import type { User } from "../model/user.ts";
import { type Claim, StoreUnavailableError } from "../store/store.ts";
import { CLOSE } from "../wire/codes.ts";
import { encodePlainError, encodePlainMessage, encodePlainMove } from "../wire/plain.ts";
import { NAME_KEPT_MS } from "./services.ts";
import type { OpenConnection } from "./connections.ts";
import { InOrder } from "./in_order.ts";
import { Outbox } from "./outbox.ts";
import { exceedsBytes, Peer } from "./peer.ts";
import type { ConnectionServices } from "./services.ts";

/** A client that knows nothing but text: each frame it sends is a message, and each event is a frame of its own. */
export class PlainConnection implements Member, OpenConnection {
  readonly mode = "plain";
  readonly plain = true;
  readonly #services: ConnectionServices;
  readonly #peer: Peer;
  readonly #outbox: Outbox;
  readonly #inOrder = new InOrder((error) => this.#fail(error));
  #user: User | undefined;
  #room: Room | undefined;
  /** Whether the store was told that the user is in the room. */
  #entered = false;

  /** `query` holds what the client asked for: `client_id`, `room`, `history`. */
  constructor(
    socket: WebSocket,
    credentials: Credentials,
    query: URLSearchParams,
    services: ConnectionServices,
    address: string,
  ) {
    this.#services = services;
    this.#peer = new Peer(socket, {
      onText: (text) => this.#read(text),
      onBinary: () =>
        this.#refuse(refused("bad_request", "A message must be text: this one is binary")),
      onGone: (code) => this.#end(code),
      // Each of these names everyone who is there, so the newest stands for all.
      onRelieved: () => {
        for (const frame of this.#outbox.takeMissed().values()) this.#outbox.reply(frame);
      },
    }, { address, pressure: services.pressure });
    this.#outbox = new Outbox({
      peer: this.#peer,
      tick: services.tick,
      meter: services.meter,
      plain: true,
    });
    services.connections.add(this);
    this.#inOrder.waitFor(this.#start(credentials, query));
  }

  /** Whom it speaks for. It is a member of its room only when that is known. */
  get user(): User {
    if (!this.#user) throw new TypeError("Cannot tell the user as the name was not taken yet");
    return this.#user;
  }

  get userId(): string | undefined {
    return this.#user?.id;
  }

  receive(batch: Batch, from: number): void {
    this.#outbox.receive(batch, from);
  }

  dismiss(): void {
    this.close(CLOSE.goingAway, "the server goes away");
  }

  /** Plain mode knows no read markers. */
  hearRead(): void {}

  /** Plain mode knows one room. */
  follow(): void {}

  close(code: number, reason: string): void {
    this.#outbox.close();
    this.#peer.close(code, reason);
  }

  async #start(credentials: Credentials, query: URLSearchParams): Promise<void> {
    const { connections, directs, lobby, presence } = this.#services;
    await this.#peer.opened;
    const name = query.get("room") ?? GENERAL;
    if (!isRoomName(name) && !isDirectName(name)) {
      this.#refuse(badRoomName());
      return this.close(CLOSE.policy, "the room's name is none");
    }
    const claim = await this.#identify(credentials, query.get("client_id"));
    if ("code" in claim) return this.close(claim.code, claim.reason);
    const refusal = await directs.refusal(claim.user, "join", name);
    if (refusal) {
      this.#refuse(refusal);
      return this.close(CLOSE.policy, "this room is none that you may join");
    }
    if (!await presence.attach(claim)) {
      return this.close(CLOSE.policy, "somebody else holds this name");
    }
    const { user } = claim;
    if (this.#peer.gone) return presence.depart(user.id, [], 0);
    this.#user = user;
    connections.identify(this, user.id);
    const room = await lobby.open(name);
    if (this.#peer.gone) return;
    await this.#enter(room, query.get("history"));
    // Only now, so that nobody sees the person leave and come back.
    if (claim.takesOver && !this.#peer.gone) {
      connections.takeOver(user.id, this);
      lobby.poster.tookOver(user.id);
    }
  }

  async #identify(credentials: Credentials, clientId: string | null): Promise<Claim | Refusal> {
    const { config, key, tokens } = this.#services;
    switch (credentials.kind) {
      case "token": {
        const identity = await tokens.verify(credentials.token);
        return identity
          ? { user: identity.user, keepMs: identity.guest ? 0 : NAME_KEPT_MS }
          : { code: CLOSE.unauthorized, reason: "the token is not valid here, or has run out" };
      }
      case "username": {
        const parsed = parseName(credentials.name);
        if (!parsed.ok) return { code: CLOSE.policy, reason: parsed.reason };
        const id = await plainUserId(key, parsed.name, clientId ?? crypto.randomUUID());
        return { user: { id, name: parsed.name }, keepMs: 0, takesOver: true };
      }
      case "none":
        return config.auth === "open"
          ? { code: CLOSE.policy, reason: "a name is needed: ?username=NAME" }
          : { code: CLOSE.unauthorized, reason: "a token is needed" };
    }
  }

  async #enter(room: Room, history: string | null): Promise<void> {
    const { presence } = this.#services;
    this.#room = room;
    const entrance = room.join(this, Number(history) || 0);
    for (const message of entrance.messages) {
      if (!message.deleted) this.#outbox.reply(encodePlainMessage(message));
    }
    const moved = await presence.enter(this.user.id, room.name);
    if (this.#peer.gone) return await presence.exit(this.user.id, room.name);
    this.#entered = true;
    if (moved && moved.rev > entrance.rev) return;
    // Nobody else is told of somebody who was there already, but the newcomer wants to know who is there.
    this.#outbox.reply(encodePlainMove("user_joined", this.user.name, room.activeUsers));
  }

  #read(text: string): void {
    const { allowances, config, meter } = this.#services;
    meter.framesIn++;
    if (exceedsBytes(text, config.maxFrameBytes)) {
      const limit = config.maxFrameBytes;
      return this.#refuse(refused("too_long", `A message may have at most ${limit} bytes`));
    }
    this.#inOrder.run(() => {
      if (this.#peer.gone || !this.#room) return;
      const waitMs = allowances.take(this.user.id);
      if (waitMs > 0) this.#refuse(tooFast(waitMs));
      else this.#send(this.#room, text);
    });
  }

  #send(room: Room, text: string): void {
    this.#services.changes.send(room, this.user, { text }, (outcome) => {
      if (!outcome.ok) this.#refuse(outcome);
    });
  }

  #refuse({ code, message, retryAfterMs }: Refused): void {
    this.#outbox.reply(encodePlainError(code, message, retryAfterMs));
    if (code !== "unavailable") this.#peer.refused();
  }

  #fail(error: unknown): void {
    if (error instanceof StoreUnavailableError) {
      // Told once for all, by what watches the store.
      return this.close(CLOSE.internal, "the store does not answer");
    }
    this.#services.log.error("A plain connection failed", { error });
    this.close(CLOSE.internal, "the server failed");
  }

  #end(code: number): void {
    this.#services.connections.delete(this, code);
    this.#room?.leave(this);
    if (!this.#user) return;
    const rooms = this.#entered && this.#room ? [this.#room.name] : [];
    this.#services.presence.depart(this.#user.id, rooms, 0);
  }
}
