// @ts-check
/// <reference lib="dom" />
/** @import { User } from "../../lib/model/user.ts" */
/** @import { Session } from "./session.js" */
/** @import { Place } from "./place.js" */
import { Acts } from "./acts.js";
import { Alerts } from "./alerts.js";
import { countUnread } from "./attention.js";
import { Client } from "./client.js";
import { createTimes } from "./format.js";
import { onceAFrame } from "./frame.js";
import { GENERAL, readAskedName, readPlace, roomAddress } from "./place.js";
import { refusalSentence } from "./refusal.js";
import {
  askWhoIsHere,
  findSession,
  forgetSession,
  keepPerson,
  keepTabSession,
  readTabSession,
  signIn,
  signOut,
} from "./session.js";
import { Search } from "./search/search.js";
import { keepShell } from "./shell.js";
import { listenToShortcuts } from "./shortcuts.js";
import { Known } from "./state/known.js";
import { sections, titleOf } from "./state/sections.js";
import { Stars } from "./store/stars.js";
import { Preferences } from "./store/preferences.js";
import { t } from "./strings.js";
import { BadgeView } from "./views/badge.js";
import { BellView } from "./views/bell.js";
import { ComposerView } from "./views/composer.js";
import { copyText } from "./views/copy.js";
import { DateJump } from "./views/date_jump.js";
import { localise } from "./views/localise.js";
import { KeysView } from "./views/keys.js";
import { LogView } from "./views/log.js";
import { applyLook } from "./views/look.js";
import { PageView } from "./views/page.js";
import { PeopleView } from "./views/people.js";
import { RoomsView } from "./views/rooms.js";
import { SearchView } from "./views/search.js";
import { SettingsView } from "./views/settings.js";
import { SignInView } from "./views/sign_in.js";
import { StripView } from "./views/strip.js";
import { Switcher } from "./views/switcher.js";
import { TellView } from "./views/tell.js";
import { TipView } from "./views/tip.js";
import { Way } from "./way.js";

/** @type {Client | undefined} nobody is signed in without one */
let client;
const way = new Way({ isNarrow: () => page.narrow, onArrive: arrive });
/** Whether this tab signs people in for itself only: it was opened for a person of its own. */
const ownTab = readTabSession() !== undefined || readAskedName() !== null;

localise(document);
const onCopyLink = (/** @type {HTMLButtonElement} */ button) =>
  copyText(roomAddress(way.place.room), button);
const signInView = new SignInView({ onJoin: join });
const page = new PageView({
  onBack: () => way.back(),
  onPeople: () => way.go({ pane: "people" }),
  onCopyLink,
  onLeave: leave,
  onStar: () => {
    stars.toggle(way.place.room);
    render();
  },
});
const stars = new Stars();
const isStarred = (/** @type {string} */ room) => stars.has(room);
const rooms = new RoomsView({
  onOpen: openRoom,
  onSignOut: signOutHere,
  onChange: () => render(),
  isStarred,
  isMuted: (room) => alerts.level(room) === "none",
});
const times = createTimes({ locale: navigator.language });
const known = new Known();
new TipView();
const acts = new Acts({
  client: () => client,
  onChange: () => render(),
  onWrite: () => composer.open(),
  onShow: (id) => id === undefined ? log.follow() : log.seek(id),
  onTell: (text) => tell.say(text),
});
const log = new LogView(times, {
  onOlder: (room) => client?.pages.loadOlder(room),
  onNewer: (room) => client?.pages.loadNewer(room),
  onFill: (room) => client?.pages.fillGap(room),
  onQuoted: (room, id) => client?.pages.quote(room, id),
  onStart: () => acts.seekTime(),
  onEnd: () => way.forgetMessage(),
  onRead: (room) => client?.read(room),
  onRetry: (nonce) => client?.deeds.retry(nonce),
  onDiscard: (nonce) => client?.deeds.discard(nonce),
  onAct: (name, row, anchor) => acts.act(name, row, anchor),
  onReact: (id, emoji, on) => acts.react(id, emoji, on),
  onWho: (id) => client?.pages.askWhoReacted(client.chat.current, id, client.chat.me?.id),
  onQuote: (id) => acts.seek(id),
  onEnter: openRoom,
  onEscape: () => composer.focus(),
  onCopyLink,
  known,
});
const people = new PeopleView({ onMessage: async (user) => openRoom(await findDirect(user)) });
const alerts = new Alerts({
  chat: () => client?.chat,
  onOpen: (room) => {
    if (client) openRoom(room);
  },
  onChange: () => render(),
});
const settings = new SettingsView({
  alerts,
  preferences: new Preferences((chosen) => {
    applyLook(chosen);
    settings.render();
  }),
  // What the page has said so far is in the old one.
  onLanguage: () => location.reload(),
  onSignInElse: signOutHere,
});
const badge = new BadgeView();
const bell = new BellView(alerts);
const strip = new StripView();
const tell = new TellView();
new DateJump({ onDate: (time) => acts.seekTime(time) });
const composer = new ComposerView({
  onSay: (room, text) => {
    log.follow();
    client?.say(room, text);
  },
  onEdit: (room, target, text) => client?.deeds.edit(room, target, text),
  onEditLast: () => {
    const row = log.lastOwn;
    if (row) acts.edit(row);
  },
  onDraft: (room, text) => client?.deeds.keepDraft(room, text),
  onPickEmoji: (anchor, onPick) => acts.pick(anchor, onPick),
  onTyping: (room, on) => client?.typing(room, on),
  onChange: () => render(),
});

const search = new Search({
  ask: async (query) => await signedIn().search(query),
  onChange: () => render(),
});
const searchView = new SearchView(search, times, {
  onShow: () => way.go({ pane: "search" }),
  onBack: () => way.back(),
  onClose: () => composer.focus(),
  onOpen: openMessage,
});
const switcher = new Switcher({
  chat: () => client?.chat,
  findDirect,
  onOpen: openRoom,
});
const keys = new KeysView();
listenToShortcuts({
  onNeighbour: goToNeighbour,
  onGoTo: () => switcher.open(),
  onSearch: () => searchView.open(),
  onHelp: () => keys.open(),
}, () => page.open);

const render = onceAFrame(() => {
  if (!client) return;
  const { chat } = client;
  if (!page.open) return chat.link === "connecting" || showTrouble();
  known.look(chat.current, chat.me);
  log.render(chat);
  if (chat.me) stars.serve(chat.me.id);
  page.render(chat, isStarred(chat.current.name));
  rooms.render(chat);
  searchView.render(chat);
  people.render(chat);
  strip.render(chat, Date.now());
  bell.render(chat.current.name);
  settings.render();
  badge.render(titleOf(chat, chat.current.name), countUnread(chat, (room) => alerts.level(room)));
  composer.render(chat);
  const sought = chat.current.since ? way.takeSought(chat.current.name) : undefined;
  if (sought !== undefined) acts.seek(sought);
});

/** Brings back whoever is known to this tab or browser, signs in whom the address names, or asks for a name. */
async function open() {
  const asked = readAskedName();
  if (asked !== null && readTabSession() === undefined) {
    return await begin({ kind: "name", name: asked }).catch(() => {});
  }
  try {
    const session = await findSession();
    if (session) await begin(session);
    else showCard();
  } catch (error) {
    showCard({ problem: error instanceof Error ? error.message : String(error) });
  }
}

/**
 * Signs in under a name that somebody wrote on the card.
 *
 * @param {string} name
 */
async function join(name) {
  await begin(ownTab ? { kind: "name", name } : await signIn(name));
}

/**
 * Connects for a session, and shows the chat: at once for somebody who is known, otherwise with the welcome.
 *
 * @param {Session} session
 * @returns {Promise<void>} rejects, with a sentence for the person, if the server turns them away
 */
function begin(session) {
  client?.stop();
  const { promise, resolve, reject } = Promise.withResolvers();
  const begun = new Client({
    session,
    onChange: render,
    onNews: (news) => alerts.tell(news),
    onWelcome: ({ token, user }) => {
      openPage();
      resolve(undefined);
      if (session.kind !== "cookie") return keepTabSession(user, token);
      keepPerson(user);
      return { kind: "cookie", user };
    },
    onEnded: (code, reason) => {
      const name = begun.chat.me?.name ?? (session.kind === "name" ? session.name : "");
      const problem = refusalSentence(code, reason, name);
      if (problem === undefined) return;
      forgetSession(session);
      showCard({ name, problem });
      reject(new Error(problem));
    },
  });
  client = begun;
  client.start();
  if (session.kind === "name") return promise;
  openPage();
  return promise.catch(() => {});
}

function openPage() {
  if (page.open) return;
  signInView.hide();
  page.open = true;
  way.begin();
}

/** @param {{ name?: string, problem?: string }} [content] */
function showCard(content = {}) {
  client?.stop();
  client = undefined;
  page.open = false;
  search.clear();
  badge.clear();
  signInView.show({ room: way.place.room, ...content });
  askWhoIsHere(way.place.room).then((here) => signInView.showHere(here));
}

/** Says, to somebody whom the server does not know yet, that it cannot be reached: the client goes on trying. */
function showTrouble() {
  signInView.show({ room: way.place.room, problem: t.signIn.trying });
}

async function signOutHere() {
  const session = client?.session;
  await client?.forget();
  showCard();
  // The server may be out of reach: the person is signed out of this page all the same.
  if (session) await signOut(session).catch(() => {});
}

/** @param {string} room */
function openRoom(room) {
  way.go({ room, pane: "room" });
}

/**
 * Opens a room at a message.
 *
 * @param {string} room
 * @param {string} id
 */
function openMessage(room, id) {
  way.go({ room, pane: "room", at: id });
}

/** @param {User} user */
async function findDirect(user) {
  return await signedIn().directWith(user);
}

function signedIn() {
  if (!client) throw new TypeError("Cannot ask the server as nobody is signed in");
  return client;
}

function leave() {
  client?.leave(way.place.room);
  way.turn(GENERAL);
}

/** @param {Place} place */
function arrive({ pane, room }) {
  client?.show(room);
  page.show(pane);
  if (!page.narrow || pane === "room") composer.focus();
  else if (pane === "rooms") rooms.focus();
  else if (pane === "search") searchView.focus();
  else page.focusPeople();
  if (pane === "rooms") client?.refreshRooms();
}

/** @param {number} step */
function goToNeighbour(step) {
  const names = client ? sections(client.chat, isStarred).flatMap(({ rooms }) => rooms) : [];
  const room = names.at((names.indexOf(way.place.room) + step) % names.length);
  if (room !== undefined) openRoom(room);
}

addEventListener("popstate", () => {
  if (client) way.arrive(readPlace());
});
addEventListener("pagehide", () => client?.hurry());
addEventListener("online", () => client?.networkChanged());
addEventListener("offline", () => client?.networkChanged());
document.addEventListener("visibilitychange", () => {
  log.look();
  if (document.visibilityState === "visible") client?.networkChanged();
  render();
});

await open();
await keepShell();
