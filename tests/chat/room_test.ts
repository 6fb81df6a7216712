import { assertEquals, assertRejects } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import type { Batch } from "../../lib/chat/batch.ts";
import { CROWD, CROWD_MS } from "../../lib/chat/crowd.ts";
import type { Member } from "../../lib/chat/members.ts";
import { Room } from "../../lib/chat/room.ts";
import { GAP_MS } from "../../lib/chat/sequence.ts";
import { Tick } from "../../lib/chat/tick.ts";
import { Meter } from "../../lib/meter.ts";
import type { ChatMessage, Draft } from "../../lib/model/change.ts";
import { type Moved, StoreUnavailableError } from "../../lib/store/store.ts";
import { append, appenderAtOnce } from "../helpers/appending.ts";
import { openDirectStore } from "../helpers/direct_store.ts";

const room = "general";
const user = (name: string) => ({ id: name.toLowerCase().padStart(12, "0"), name });
const ALICE = user("Alice");

const draft = (text: string): Draft => ({
  type: "chat_message",
  room,
  id: `id of ${text}`,
  user_id: ALICE.id,
  username: "Alice",
  text,
  time: 1,
});
const change = (seq: number, text = `${seq}`) => ({ ...draft(text), seq }) as ChatMessage;
const move = (rev: number, name: string, on = true): Moved => ({ room, user: user(name), on, rev });

/** What a member was told, in short. */
class Listener implements Member {
  readonly user = ALICE;
  readonly heard: string[] = [];

  constructor(readonly plain = false) {}

  receive(batch: Batch, from: number): void {
    for (const event of batch.events(from).map((event) => JSON.parse(event))) {
      const { type, text, username, count } = event;
      this.heard.push(type === "chat_message" ? text.slice(0, 10) : `${type} ${username ?? count}`);
    }
  }
}

/** A room over a store in memory, whose turns the test ends. */
async function openRoom({ historySize = 10 } = {}) {
  const store = openDirectStore();
  const scheduled: (() => void)[] = [];
  const posted: number[] = [];
  const opened = new Room(room, await store.snapshot(room, historySize), {
    store,
    appender: appenderAtOnce(store),
    outlet: { changed: ({ seq }) => void posted.push(seq), typed() {}, doubted() {} },
    tick: new Tick((flush) => scheduled.push(flush)),
    meter: new Meter(),
    historySize,
    maxReplay: 10,
  });
  const endTurn = () => {
    for (const flush of scheduled.splice(0)) flush();
  };
  const listener = new Listener();
  opened.join(listener, 0);
  return { room: opened, store, endTurn, posted, listener, heard: listener.heard };
}

Deno.test("Room tells every member each change once and in order, however they come", async () => {
  using _time = new FakeTime();
  const { room: opened, store, endTurn, heard } = await openRoom();
  using _ = store;
  for (const seq of [2, 1, 1, 4, 2, 3]) opened.offer(change(seq));
  assertEquals(heard, []);
  endTurn();
  assertEquals(heard, ["1", "2", "3", "4"]);
  opened.close();
});

Deno.test("Room tells a member what comes after they joined and before they leave", async () => {
  const { room: opened, store, endTurn } = await openRoom();
  using _ = store;
  const late = new Listener();
  opened.offer(change(1));
  const { seq, messages } = opened.join(late, 10);
  assertEquals([seq, messages.map(({ text }) => text)], [1, ["1"]]);
  opened.offer(change(2));
  endTurn();
  opened.offer(change(3));
  opened.leave(late);
  endTurn();
  assertEquals([late.heard, opened.has(late), opened.members], [["2"], false, 1]);
});

Deno.test("Room keeps nothing from a member that joins again", async () => {
  const { room: opened, store, endTurn, listener, heard } = await openRoom();
  using _ = store;
  opened.offer(change(1));
  assertEquals([opened.join(listener, 0).seq, opened.members], [1, 1]);
  endTurn();
  assertEquals(heard, ["1"]);
});

Deno.test("Room answers the sender before anyone is told, though the change fills a batch", async () => {
  const { room: opened, store, posted, heard } = await openRoom();
  using _ = store;
  await append(opened, draft("x".repeat(70_000)), () => heard.push("answer"));
  assertEquals([heard, posted], [["answer", "xxxxxxxxxx"], [1]]);
});

Deno.test("Room goes on after a change that filled a batch alone", async () => {
  const { room: opened, store, endTurn, heard } = await openRoom();
  using _ = store;
  opened.offer(change(1, "x".repeat(70_000)));
  opened.offer(change(2));
  endTurn();
  opened.offer(change(3));
  endTurn();
  assertEquals(heard, ["xxxxxxxxxx", "2", "3"]);
});

Deno.test("Room tells plain members of a move that filled the batch of the others", async () => {
  const { room: opened, store, endTurn } = await openRoom();
  using _ = store;
  const plain = new Listener(true);
  opened.join(plain, 0);
  for (let seq = 1; seq < 256; seq++) opened.offer(change(seq));
  opened.offerMove(move(1, "Bob"));
  endTurn();
  assertEquals(plain.heard.slice(-2), ["255", "user_joined Bob"]);
});

Deno.test("Room tells nobody what the store did not take", async () => {
  const { room: opened, store, endTurn, heard, posted } = await openRoom();
  using _ = store;
  store.state = "down";
  const answers: unknown[] = [];
  const lost = () => append(opened, draft("lost"), (appended) => answers.push(appended));
  await assertRejects(lost, StoreUnavailableError);
  endTurn();
  assertEquals([heard, posted, answers], [[], [], []]);
});

Deno.test("Room tells what the store took without a word, when it hears of it", async () => {
  using time = new FakeTime();
  const { room: opened, store, endTurn, heard } = await openRoom();
  using _ = store;
  store.state = "mute";
  await assertRejects(() => append(opened, draft("kept")), StoreUnavailableError);
  store.state = "up";
  opened.aim(1);
  await time.tickAsync(GAP_MS);
  await time.runMicrotasks();
  endTurn();
  assertEquals(heard, ["kept"]);
});

Deno.test("Room reads from the store what it was not told of", async () => {
  using time = new FakeTime();
  const { room: opened, store, endTurn, heard } = await openRoom();
  using _ = store;
  await store.append(["1", "2", "3"].map(draft));
  opened.offer(change(3));
  await time.tickAsync(GAP_MS);
  await time.runMicrotasks();
  endTurn();
  assertEquals([heard, opened.delivered], [["1", "2", "3"], 3]);
});

Deno.test("Room finds a message that its history forgot", async () => {
  const { room: opened, store } = await openRoom({ historySize: 1 });
  using _ = store;
  for (const text of ["1", "2"]) await append(opened, draft(text));
  for (const text of ["1", "2"]) assertEquals((await opened.find(`id of ${text}`))?.text, text);
  assertEquals(await opened.find("none"), undefined);
});

Deno.test("Room waits for the place of a client that comes from an instance that is ahead", async () => {
  using time = new FakeTime();
  const { room: opened, store } = await openRoom();
  using _ = store;
  await store.append(["1", "2", "3"].map(draft));
  const { epoch } = await store.heads([room]);
  const recovering = opened.recover({ epoch, seq: 2 });
  await time.tickAsync(GAP_MS);
  assertEquals((await recovering)?.map(({ text }) => text), ["3"]);
  const beyond = opened.recover({ epoch, seq: 4 });
  await time.tickAsync(GAP_MS);
  assertEquals(await beyond, undefined);
});

Deno.test("Room tells who came and who left while moves were lost", async () => {
  using time = new FakeTime();
  const { room: opened, store, endTurn, heard } = await openRoom();
  using _ = store;
  opened.offerMove(move(1, "Alice"));
  opened.offerMove(move(2, "Bob"));
  const moves = ["Alice", "Bob", "Carol", "Dan"].map((name) => ({
    room,
    user: user(name),
    on: true,
  }));
  await store.move("i2", moves);
  await store.move("i2", [{ ...moves[0]!, on: false }]);
  opened.aim(0, 5);
  await time.tickAsync(GAP_MS);
  await time.runMicrotasks();
  endTurn();
  assertEquals(heard, [
    "user_joined Alice",
    "user_joined Bob",
    "user_left Alice",
    "user_joined Carol",
    "user_joined Dan",
  ]);
});

Deno.test("Room tells a crowd its number once a second, and names again when it has shrunk", async () => {
  using time = new FakeTime();
  const { room: opened, store, endTurn, listener, heard } = await openRoom();
  using _ = store;
  const plain = new Listener(true);
  opened.join(plain, 0);
  const pass = (ms: number) => {
    time.tick(ms);
    endTurn();
    return [listener, plain].map((member) => member.heard.splice(0));
  };
  for (let rev = 1; rev <= CROWD; rev++) opened.offerMove(move(rev, `u${rev}`));
  pass(0);
  opened.offerMove(move(CROWD + 1, "First"));
  opened.offerMove(move(CROWD + 2, "Second"));
  assertEquals(pass(CROWD_MS - 1), [[], []]);
  assertEquals(pass(1), [["presence 252"], ["user_joined Second"]]);
  assertEquals(pass(10 * CROWD_MS), [[], []]);

  opened.offerMove(move(CROWD + 3, "First", false));
  assertEquals(pass(CROWD_MS), [["presence 251"], ["user_left First"]]);
  opened.offerMove(move(CROWD + 4, "Second", false));
  assertEquals(pass(0), [["user_left Second"], ["user_left Second"]]);
  assertEquals([opened.activeUsers.count, heard], [CROWD, []]);
  opened.close();
});

Deno.test("Room that is closed waits for nothing", async () => {
  using time = new FakeTime();
  const { room: opened, store } = await openRoom();
  using _ = store;
  for (let rev = 1; rev <= CROWD + 1; rev++) opened.offerMove(move(rev, `u${rev}`));
  opened.offer(change(2));
  opened.aim(0, CROWD + 9);
  opened.close();
  assertEquals(time.next(), false);
});

Deno.test("Room lets nobody wait for a move that the store does not have", async () => {
  using time = new FakeTime();
  const { room: opened, store } = await openRoom();
  using _ = store;
  let isTold = false;
  opened.told(move(9, "Alice")).then(() => isTold = true);
  await time.tickAsync(GAP_MS);
  await time.runMicrotasks();
  assertEquals([isTold, time.next()], [true, false]);
  opened.close();
});
