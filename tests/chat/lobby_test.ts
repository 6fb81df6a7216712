import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import type { Member } from "../../lib/chat/members.ts";
import { Directs } from "../../lib/chat/directs.ts";
import { Lobby } from "../../lib/chat/lobby.ts";
import { News } from "../../lib/chat/news.ts";
import { SETTLE_MS } from "../../lib/chat/poster.ts";
import { GAP_MS } from "../../lib/chat/sequence.ts";
import { Tick } from "../../lib/chat/tick.ts";
import type { Link, Post } from "../../lib/link/link.ts";
import { Meter } from "../../lib/meter.ts";
import type { ChatMessage, Draft } from "../../lib/model/change.ts";
import { type Direct, type Mark, StoreUnavailableError } from "../../lib/store/store.ts";
import { append, appenderAtOnce } from "../helpers/appending.ts";
import { openDirectStore } from "../helpers/direct_store.ts";

const ALICE = { id: "alice0000000", name: "Alice" };

const draft = (text: string): Draft => ({
  type: "chat_message",
  room: "a",
  id: `id of ${text}`,
  user_id: ALICE.id,
  username: "Alice",
  text,
  time: 1,
});
const change = (seq: number) => ({ ...draft(`${seq}`), seq }) as ChatMessage;
const member: Member = { user: ALICE, plain: false, receive() {} };

/** A lobby on a link of which the test is the other end. */
async function openLobby(store = openDirectStore(), changes: Link["changes"] = "whole") {
  const scheduled: (() => void)[] = [];
  const posts: Post[] = [];
  const takenOver: string[] = [];
  const reads: Mark[] = [];
  const told = { replaced: 0, doubts: 0 };
  const directs = new Directs(store);
  const news = new News(store);
  const introduced: Direct[] = [];
  const heard: string[] = [];
  const lobby = new Lobby({
    instance: "i1",
    store,
    appender: appenderAtOnce(store),
    tick: new Tick((flush) => scheduled.push(flush)),
    meter: new Meter(),
    historySize: 10,
    maxReplay: 10,
    directs,
    news,
    onTakenOver: (userIds) => takenOver.push(...userIds),
    onRead: (mark) => reads.push(mark),
    onDirect: (direct) => {
      introduced.push(direct);
      // As connections of the two do.
      for (const user of direct.users) {
        news.watch({ user, hear: ({ room }) => heard.push(room) }, direct.room, 0);
      }
    },
    onReplaced: () => told.replaced++,
    onDoubt: () => told.doubts++,
  });
  const { epoch } = await store.heads([]);
  store.calls.length = 0;
  const far = Promise.withResolvers<{
    hear: (post: Omit<Post, "v" | "from">) => void;
    rejoin?: () => void;
  }>();
  await lobby.connect((receive, rejoin) => {
    far.resolve({ hear: (post) => receive({ v: 1, from: "i2", epoch, ...post }), rejoin });
    return { changes, post: (post) => posts.push(post), close: () => Promise.resolve() };
  });
  const endTurn = () => {
    for (const flush of scheduled.splice(0)) flush();
  };
  return {
    lobby,
    store,
    news,
    directs,
    introduced,
    heard,
    epoch,
    posts,
    takenOver,
    reads,
    told,
    endTurn,
    ...await far.promise,
  };
}

Deno.test("Lobby reads a room once for all who open it", async () => {
  const { lobby, store } = await openLobby();
  using _ = store;
  const [first, second] = await Promise.all([lobby.open("a"), lobby.open("a")]);
  assert(first === second && first === await lobby.open("a") && first === lobby.get("a"));
  assertEquals([store.calls, lobby.names], [["snapshot"], ["a"]]);
  await lobby.close();
});

Deno.test("Lobby opens a room later that could not be read now", async () => {
  const { lobby, store } = await openLobby();
  using _ = store;
  store.state = "down";
  await assertRejects(() => lobby.open("a"), StoreUnavailableError);
  store.state = "up";
  assertEquals((await lobby.open("a")).name, "a");
  await lobby.close();
});

Deno.test("Lobby forgets a room in which nobody was at two sweeps", async () => {
  const { lobby, store } = await openLobby();
  using _ = store;
  for (const name of ["empty", "busy", "opened"]) await lobby.open(name);
  lobby.get("busy")!.join(member, 0);
  lobby.sweep();
  assertEquals(lobby.names, ["empty", "busy", "opened"]);
  await lobby.open("opened");
  lobby.sweep();
  assertEquals(lobby.names, ["busy", "opened"]);
  lobby.get("busy")!.leave(member);
  lobby.sweep();
  assertEquals(lobby.names, ["busy"]);
  await lobby.close();
});

Deno.test("Lobby posts once a turn all that happened in it", async () => {
  using _time = new FakeTime();
  const { lobby, store, epoch, posts, endTurn } = await openLobby();
  using _ = store;
  const room = await lobby.open("a");
  await append(room, draft("1"));
  await append(room, draft("2"));
  room.typing(ALICE, true);
  lobby.moved([{ room: "a", user: ALICE, on: true, rev: 1 }]);
  lobby.poster.read({ userId: ALICE.id, room: "a", seq: 2 });
  lobby.poster.tookOver(ALICE.id);
  assertEquals(posts, []);
  endTurn();
  assertEquals(posts, [{
    v: 1,
    from: "i1",
    epoch,
    changes: [change(1), change(2)],
    heads: [],
    moves: [{ room: "a", user: ALICE, on: true, rev: 1 }],
    typing: [{ room: "a", user: ALICE, on: true }],
    reads: [{ userId: ALICE.id, room: "a", seq: 2 }],
    directs: [],
    takenOver: [ALICE.id],
  }]);
  await lobby.close();
});

Deno.test("Lobby posts where a room stands once more when a burst is over", async () => {
  using time = new FakeTime();
  const { lobby, store, posts, endTurn } = await openLobby();
  using _ = store;
  const room = await lobby.open("a");
  for (let i = 1; i <= 5; i++) {
    await append(room, draft(`${i}`));
    time.tick(SETTLE_MS / 2);
    endTurn();
  }
  assertEquals(posts.flatMap(({ heads }) => heads), []);
  time.tick(2 * SETTLE_MS);
  endTurn();
  assertEquals(posts.flatMap(({ heads }) => heads), [{ room: "a", seq: 5 }]);
  assertEquals(time.next(), false);
  await lobby.close();
});

Deno.test("Lobby posts how far rooms have come over a link that carries no changes", async () => {
  using _time = new FakeTime();
  const { lobby, store, posts, endTurn } = await openLobby(openDirectStore(), "heads");
  using _ = store;
  const [a, b] = await Promise.all([lobby.open("a"), lobby.open("b")]);
  await append(a, draft("1"));
  await append(b, { ...draft("1"), room: "b" });
  await append(a, draft("2"));
  endTurn();
  assertEquals(posts.map(({ changes, heads }) => ({ changes, heads })), [
    { changes: [], heads: [{ room: "a", seq: 2 }, { room: "b", seq: 1 }] },
  ]);
  await lobby.close();
});

Deno.test("Lobby reads at once what heads promise over a link that carries no changes", async () => {
  using time = new FakeTime();
  const { lobby, store, hear } = await openLobby(openDirectStore(), "heads");
  using _ = store;
  const room = await lobby.open("a");
  await store.append(["1", "2"].map(draft));
  hear({ heads: [{ room: "a", seq: 2 }] });
  await time.runMicrotasks();
  assertEquals([room.delivered, time.next()], [2, false]);
  await lobby.close();
});

Deno.test("Lobby posts of changes that the store tells of only where their room stands in the end", async () => {
  using time = new FakeTime();
  const { lobby, store, posts, endTurn } = await openLobby(openDirectStore(), "stored");
  using _ = store;
  await append(await lobby.open("a"), draft("1"));
  endTurn();
  assertEquals(posts, []);
  time.tick(2 * SETTLE_MS);
  endTurn();
  assertEquals(posts.map(({ changes, heads }) => ({ changes, heads })), [
    { changes: [], heads: [{ room: "a", seq: 1 }] },
  ]);
  await lobby.close();
});

Deno.test("Lobby has the store asked at once when the link was lost and is there again, and tells the others where rooms stand", async () => {
  const { lobby, store, told, rejoin, posts, endTurn } = await openLobby();
  using _ = store;
  await append(await lobby.open("a"), draft("said while the link was lost"));
  endTurn();
  posts.length = 0;
  rejoin!();
  endTurn();
  assertEquals(told.doubts, 1);
  assertEquals(posts.map(({ heads }) => heads), [[{ room: "a", seq: 1 }]]);
  await lobby.close();
});

Deno.test("Lobby takes what other instances tell of open rooms, and reads no other", async () => {
  const { lobby, store, takenOver, reads, hear } = await openLobby();
  using _ = store;
  const room = await lobby.open("a");
  hear({
    changes: [change(1), { ...change(1), room: "closed" }],
    moves: [{ room: "a", user: ALICE, on: true, rev: 1 }],
    reads: [{ userId: ALICE.id, room: "elsewhere", seq: 3 }],
    takenOver: [ALICE.id],
  });
  assertEquals(reads, [{ userId: ALICE.id, room: "elsewhere", seq: 3 }]);
  assertEquals([room.delivered, room.activeUsers.names, takenOver], [1, ["Alice"], [ALICE.id]]);
  assertEquals([lobby.names, store.calls], [["a"], ["snapshot"]]);
  await lobby.close();
});

Deno.test("Lobby misses nothing that is told while a room is read", async () => {
  using time = new FakeTime();
  const { lobby, store, hear } = await openLobby();
  using _ = store;
  const opening = lobby.open("a");
  hear({ changes: [change(1)], heads: [{ room: "a", seq: 2 }] });
  hear({ moves: [{ room: "a", user: ALICE, on: true, rev: 1 }] });
  await store.append(["1", "2"].map(draft));
  await store.move("i2", [{ room: "a", user: ALICE, on: true }]);
  const room = await opening;
  assertEquals(room.delivered, 0);
  await time.tickAsync(GAP_MS);
  await time.runMicrotasks();
  assertEquals([room.delivered, room.activeUsers.names], [2, ["Alice"]]);
  await lobby.close();
});

Deno.test("Lobby takes no number of another log", async () => {
  const { lobby, store, hear } = await openLobby();
  using _ = store;
  const room = await lobby.open("a");
  hear({ epoch: "another", changes: [change(1)] });
  hear({ epoch: "another", moves: [{ room: "a", user: ALICE, on: true, rev: 1 }] });
  assertEquals([room.delivered, room.activeUsers.names], [0, []]);
  hear({ changes: [change(1)] });
  assertEquals(room.delivered, 1);
  await lobby.close();
});

Deno.test("Lobby doubts the log when a room is read from another one, and then closes it", async () => {
  const { lobby, store, told, hear } = await openLobby();
  using _ = store;
  await lobby.take({ epoch: "before", heads: [] });
  const room = await lobby.open("a");
  hear({ epoch: "before", changes: [change(1)] });
  assertEquals([room.delivered, told], [0, { replaced: 0, doubts: 1 }]);
  await lobby.take(await store.heads(["a"]));
  assertEquals([lobby.names, told.replaced], [[], 1]);
  await lobby.close();
});

Deno.test("Lobby finds by the store's heads what no instance told", async () => {
  using time = new FakeTime();
  const { lobby, store } = await openLobby();
  using _ = store;
  const room = await lobby.open("a");
  await store.append(["1", "2"].map(draft));
  const { epoch, heads } = await store.heads(["a"]);
  await lobby.take({ epoch, heads: [...heads, { room: "closed", seq: 9, rev: 9 }] });
  await time.tickAsync(GAP_MS);
  await time.runMicrotasks();
  assertEquals([room.delivered, lobby.names], [2, ["a"]]);
  await lobby.close();
});

Deno.test("Lobby closes all rooms, and says so once, when the log has another epoch", async () => {
  const { lobby, store, told } = await openLobby();
  using _ = store;
  const room = await lobby.open("a");
  await lobby.open("b");
  const { epoch, heads } = await store.heads(["a", "b"]);
  await lobby.take({ epoch, heads });
  await lobby.take({ epoch, heads });
  assertEquals([lobby.names, told.replaced], [["a", "b"], 0]);
  const another = { epoch: "another", heads };
  await lobby.take(another);
  await lobby.take(another);
  assertEquals([lobby.names, told], [[], { replaced: 1, doubts: 0 }]);
  room.offer(change(1));
  assertEquals([room.delivered, await lobby.open("a") === room], [0, false]);
  await lobby.close();
});

Deno.test("Lobby has the log renewed that is behind what was delivered, and then closes its rooms", async () => {
  const { lobby, store, told, hear } = await openLobby();
  using _ = store;
  await lobby.open("a");
  await lobby.open("b");
  const before = await store.heads(["a", "b"]);
  await lobby.take(before);
  // As after the store was wound back: what another instance told is not in it.
  hear({ changes: [change(1)] });
  await lobby.take(before);
  assertEquals([lobby.names, told], [["a", "b"], { replaced: 0, doubts: 1 }]);
  const after = await store.heads(["a", "b"]);
  assertNotEquals(after.epoch, before.epoch);
  await lobby.take(after);
  assertEquals([lobby.names, told], [[], { replaced: 1, doubts: 1 }]);
  assertEquals((await lobby.open("a")).delivered, 0);
  await lobby.take(after);
  assertEquals([lobby.names, told.replaced], [["a"], 1]);
  await lobby.close();
});

Deno.test("Lobby takes it for no replaced log that heads were read before a change was told", async () => {
  const { lobby, store, told } = await openLobby();
  using _ = store;
  const room = await lobby.open("a");
  const stale = await store.heads(["a"]);
  await append(room, draft("1"));
  await lobby.take(stale);
  assertEquals([room.delivered, told], [1, { replaced: 0, doubts: 0 }]);
  assertEquals((await store.heads([])).epoch, stale.epoch);
  await lobby.close();
});

Deno.test("Lobby takes it for no replaced log that a hint is ahead of the store", async () => {
  using time = new FakeTime();
  const { lobby, store, told, hear } = await openLobby();
  using _ = store;
  await lobby.open("a");
  const before = await store.heads(["a"]);
  hear({ heads: [{ room: "a", seq: 9 }], changes: [change(5)] });
  hear({ moves: [{ room: "a", user: ALICE, on: true, rev: 9 }] });
  await time.tickAsync(10 * GAP_MS);
  await lobby.take(before);
  assertEquals([lobby.names, told], [["a"], { replaced: 0, doubts: 0 }]);
  assertEquals((await store.heads([])).epoch, before.epoch);
  await lobby.close();
});

Deno.test("Lobby doubts the log in which a change was stored below what was delivered", async () => {
  const { lobby, store, told, hear } = await openLobby();
  using _ = store;
  const room = await lobby.open("a");
  hear({ changes: [change(1), change(2)] });
  await append(room, draft("in place of 1"));
  assertEquals(told, { replaced: 0, doubts: 1 });
  await lobby.close();
});

Deno.test("Lobby says that the store failed while it was asked again, and asks at the next beat", async () => {
  const { lobby, store, told, hear } = await openLobby();
  using _ = store;
  await lobby.open("a");
  const before = await store.heads(["a"]);
  hear({ changes: [change(1)] });
  store.state = "down";
  await assertRejects(() => lobby.take(before), StoreUnavailableError);
  store.state = "up";
  await lobby.take(before);
  assertEquals(told, { replaced: 0, doubts: 1 });
  assertNotEquals((await store.heads([])).epoch, before.epoch);
  await lobby.close();
});

/** A lobby of a store in which two people have a direct room. */
async function openWithDirect() {
  const store = openDirectStore();
  const direct = await store.direct([ALICE, { id: "bob000000000", name: "Bob" }]);
  return { ...await openLobby(store), direct };
}

Deno.test("Lobby introduces a direct room here and at the other instances, of the same log only", async () => {
  const { lobby, store, direct, introduced, posts, endTurn, hear } = await openWithDirect();
  using _ = store;
  await lobby.take(await store.heads([]));
  lobby.introduce(direct);
  endTurn();
  assertEquals([introduced.splice(0), posts.map(({ directs }) => directs)], [[direct], [[direct]]]);
  hear({ epoch: "another", directs: [direct] });
  assertEquals(introduced, []);
  hear({ directs: [direct] });
  assertEquals(introduced, [direct]);
  await lobby.close();
});

Deno.test("Lobby introduces a direct room once more with its head when a burst is over, and no other room", async () => {
  using time = new FakeTime();
  const { lobby, store, direct, posts, endTurn } = await openWithDirect();
  using _ = store;
  for (const name of [direct.room, "a"]) {
    await append(await lobby.open(name), { ...draft(`in ${name}`), room: name });
  }
  endTurn();
  await time.tickAsync(2 * SETTLE_MS);
  endTurn();
  assertEquals(posts.flatMap(({ directs = [] }) => directs), [direct]);
  assertEquals(posts.at(-1)?.heads?.length, 2);
  await lobby.close();
});

Deno.test("Lobby knows whose a direct room is that it opens, and of no other room", async () => {
  const { lobby, store, direct } = await openWithDirect();
  using _ = store;
  assertEquals((await lobby.open(direct.room)).direct, direct);
  assertEquals((await lobby.open("a")).direct, undefined);
  await lobby.close();
});

Deno.test("Lobby remembers no direct room of a log that was replaced", async () => {
  const { lobby, store, directs, direct } = await openWithDirect();
  using _ = store;
  await lobby.take({ epoch: "before", heads: [] });
  await directs.of(direct.room);
  await lobby.take({ epoch: "after", heads: [] });
  store.calls.splice(0);
  await directs.of(direct.room);
  assertEquals(store.calls, ["directOf"]);
  await lobby.close();
});

Deno.test("Lobby tells of a direct room by the post with its head, if the one that introduced it was lost", async () => {
  using time = new FakeTime();
  const { lobby, store, news, direct, heard, hear } = await openWithDirect();
  using _ = store;
  const { room } = direct;
  await store.append([{ ...draft("psst"), room }]);
  hear({ changes: [{ ...change(1), room }] });
  await time.tickAsync(0);
  assertEquals(heard, []);
  hear({ heads: [{ room, seq: 1 }], directs: [direct] });
  await time.tickAsync(0);
  await time.runMicrotasks();
  assertEquals(heard, [room, room]);
  news.close();
  await lobby.close();
});
