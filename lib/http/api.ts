import * as v from "valibot";
import { clearSessionCookie, setSessionCookie } from "../auth/cookie.ts";
import { readCredentials } from "../auth/credentials.ts";
import { type Identity, newUserId, type Tokens } from "../auth/tokens.ts";
import type { Changes } from "../chat/changes.ts";
import type { Directs } from "../chat/directs.ts";
import type { Lobby } from "../chat/lobby.ts";
import { MAX_LISTED } from "../chat/registry.ts";
import { type Outcome, refused, tooFast } from "../chat/outcome.ts";
import type { Presence } from "../chat/presence.ts";
import type { Config } from "../config.ts";
import { exceedsChars, GENERAL, isRoomName, nameKey, parseName } from "../model/names.ts";
import type { User } from "../model/user.ts";
import type { Allowances } from "../socket/allowances.ts";
import type { Connections } from "../socket/connections.ts";
import type { Store } from "../store/store.ts";
import { CLOSE } from "../wire/codes.ts";
import { MAX_REF_CHARS } from "../wire/protocol.ts";
import type { Peer } from "./address.ts";
import { readJson } from "./body.ts";
import { HistoryApi } from "./history.ts";
import { assertMay, readInput } from "./input.ts";
import { assertHoldsName, NAME_RESERVED_MS } from "./name_holder.ts";
import { Refusal, refusing } from "./refusal.ts";
import { listRooms, openDirect } from "./rooms.ts";
import { type Handler, type Route, route } from "./router.ts";
import { search } from "./search.ts";

const shortText = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.check(
    (text) => !exceedsChars(text, MAX_REF_CHARS),
    `Must have at most ${MAX_REF_CHARS} characters`,
  ),
);

const SignIn = v.object({ name: v.string() });
const Speech = v.object({
  text: v.string(),
  nonce: v.optional(shortText),
  reply_to: v.optional(shortText),
});

/** What the API works with. */
export interface ApiServices {
  /** What was set. */
  readonly config: Config;
  /** Signs people in, and knows them again. */
  readonly tokens: Tokens;
  /** Where messages and names are. */
  readonly store: Store;
  /** Whose the direct rooms are. */
  readonly directs: Directs;
  /** The open rooms. */
  readonly lobby: Lobby;
  /** Who is connected. */
  readonly presence: Presence;
  /** What people do to messages. */
  readonly changes: Changes;
  /** How much each of them may send. */
  readonly allowances: Allowances;
  /** The open connections. */
  readonly connections: Connections;
}

/** What is known of a request before it is answered. */
export interface ApiContext {
  /** Who sent it. */
  readonly peer: Peer;
}

type Answer = Handler<ApiContext>;
type SignedInAnswer = (identity: Identity, ...rest: Parameters<Answer>) => Promise<Response>;

/** The routes below `/api`. All but signing in need an identity. */
export function apiRoutes(services: ApiServices): Route<ApiContext>[] {
  const api = new Api(services);
  const history = new HistoryApi(services.store, services.directs);
  const signedIn = (answer: SignedInAnswer): Answer => async (request, context) => {
    const identity = await api.identify(request);
    if (identity) return await answer(identity, request, context);
    throw new Refusal(refused("unauthorized", "Sign in first: this needs a token"));
  };
  const routes: Route<ApiContext>[] = [
    route("GET", "/api/session", (request) => api.session(request)),
    route("POST", "/api/session", (request, { peer }) => api.signIn(request, peer)),
    route("DELETE", "/api/session", (request) => api.signOut(request)),
    route("GET", "/api/rooms", signedIn(({ user }) => listRooms(user, services))),
    route(
      "POST",
      "/api/direct",
      signedIn((identity, request) => openDirect(identity, request, services)),
    ),
    route(
      "GET",
      "/api/rooms/:room/messages",
      signedIn(({ user }, _, { params, url }) =>
        history.page(user, params.room!, url.searchParams)
      ),
    ),
    route(
      "GET",
      "/api/rooms/:room/messages/:id",
      signedIn(({ user }, _, { params }) => history.message(user, params.room!, params.id!)),
    ),
    route(
      "GET",
      "/api/rooms/:room/messages/:id/reactions",
      signedIn(({ user }, _, { params }) => history.reactions(user, params.room!, params.id!)),
    ),
    route(
      "GET",
      "/api/rooms/:room/place",
      signedIn(({ user }, _, { params, url }) =>
        history.place(user, params.room!, url.searchParams)
      ),
    ),
    route(
      "GET",
      "/api/search",
      signedIn(({ user }, _, { url }) => search(user, url.searchParams, services)),
    ),
    route(
      "POST",
      "/api/rooms/:room/messages",
      signedIn((identity, request, { params }) => api.send(identity, params.room!, request)),
    ),
  ];
  return routes.map((route) => ({ ...route, handler: refusing(route.handler) }));
}

class Api {
  readonly #services: ApiServices;

  constructor(services: ApiServices) {
    this.#services = services;
  }

  async identify(request: Request): Promise<Identity | undefined> {
    const credentials = readCredentials(request, { username: false });
    return credentials.kind === "token"
      ? await this.#services.tokens.verify(credentials.token)
      : undefined;
  }

  async session(request: Request): Promise<Response> {
    const identity = await this.identify(request);
    if (identity) return Response.json({ user: identity.user });
    const { config, store } = this.#services;
    const room = new URL(request.url).searchParams.get("room") ?? GENERAL;
    // Whoever may come in with a name alone may see whom they would meet.
    if (config.auth !== "open" || !isRoomName(room)) return Response.json({ user: null });
    const { users } = await store.people(room);
    const names = users.slice(0, MAX_LISTED).map((user) => user.name);
    return Response.json({ user: null, here: { count: users.length, names } });
  }

  async signIn(request: Request, peer: Peer): Promise<Response> {
    const { config, store, tokens } = this.#services;
    if (config.auth !== "open") {
      throw new Refusal(
        refused("forbidden", "Nobody signs in here with a name alone: bring a token"),
      );
    }
    const parsed = parseName(readInput(SignIn, await readJson(request)).name);
    if (!parsed.ok) throw new Refusal(refused("bad_name", parsed.reason));

    const user = await this.#userNamed(parsed.name, request);
    if (!await store.reserve(user, NAME_RESERVED_MS)) {
      throw new Refusal(refused("name_taken", `Somebody else holds the name "${user.name}"`));
    }
    const token = await tokens.sign(user, { guest: false });
    const response = Response.json({ user, token });
    setSessionCookie(response.headers, token, peer.https);
    return response;
  }

  async signOut(request: Request): Promise<Response> {
    const identity = await this.identify(request);
    if (identity) {
      const { connections, presence, store } = this.#services;
      connections.closeUser(identity.user.id, CLOSE.unauthorized, "signed out");
      // The store frees no name of somebody who is connected.
      await presence.settled(identity.user.id);
      await store.release(identity.user.id);
    }
    const response = new Response(null, { status: 204 });
    // A tab that signs out with a token of its own leaves the browser's session alone.
    if (!request.headers.has("authorization")) clearSessionCookie(response.headers);
    return response;
  }

  async send(identity: Identity, room: string, request: Request): Promise<Response> {
    const { allowances, changes, directs, lobby, store } = this.#services;
    const { user } = identity;
    await assertMay(directs, user, "send", room);
    const speech = readInput(Speech, await readJson(request));
    const waitMs = allowances.take(user.id);
    if (waitMs > 0) throw new Refusal(tooFast(waitMs));
    await assertHoldsName(identity, store);
    const open = await lobby.open(room);
    const outcome = await new Promise<Outcome>((resolve) =>
      changes.send(open, user, speech, resolve)
    );
    if (!outcome.ok) throw new Refusal(outcome);
    return Response.json({ id: outcome.id, seq: outcome.seq }, { status: 201 });
  }

  /** Somebody who is signed in and asks for the name that they have stays who they are. */
  async #userNamed(name: string, request: Request): Promise<User> {
    const identity = await this.identify(request);
    const same = identity && nameKey(identity.user.name) === nameKey(name);
    return { id: same ? identity.user.id : newUserId(), name };
  }
}
