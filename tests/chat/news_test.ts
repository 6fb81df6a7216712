import { assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { News, NEWS_MS, type Watcher } from "../../lib/chat/news.ts";
import type { User } from "../../lib/model/user.ts";
import type { Standing } from "../../lib/store/store.ts";
import { openDirectStore } from "../helpers/direct_store.ts";
import { send } from "../store/drafts.ts";
import { ALICE, BOB, enter } from "../store/people.ts";

/** A connection, and what it heard. */
class Listener implements Watcher {
  readonly heard: string[] = [];

  constructor(readonly user: User) {}

  hear({ room, unread, mentions }: Standing): void {
    this.heard.push(`${room} ${unread}/${mentions}`);
  }

  /** What it has heard since it was asked last. */
  get news(): string[] {
    return this.heard.splice(0);
  }
}

/** News over a store in memory, in which two rooms are Alice's and one is Bob's. */
async function openNews() {
  const store = openDirectStore();
  await store.move("i1", [enter(ALICE, "a"), enter(ALICE, "b"), enter(BOB, "a")]);
  store.calls.splice(0);
  const news = new News(store);
  const say = async (room: string, text = "hello") => {
    const [appended] = await store.append([send({ room, user_id: "carol0000000", text })]);
    if (appended && "change" in appended) news.aim(appended.change);
  };
  const asked = () => store.calls.filter((call) => call === "standingsIn").length;
  return { store, news, say, asked, alice: new Listener(ALICE), bob: new Listener(BOB) };
}

async function pass(time: FakeTime, ms: number): Promise<void> {
  await time.tickAsync(ms);
  await time.runMicrotasks();
}

Deno.test("News tells each watcher of a room what its person has not read there", async () => {
  using time = new FakeTime();
  const { store, news, say, asked, alice, bob } = await openNews();
  using _ = store;
  const again = new Listener(ALICE);
  for (const watcher of [alice, again, bob]) news.watch(watcher, "a", 0);
  news.watch(alice, "b", 0);
  await say("a", "hello @bob");
  await pass(time, 0);
  assertEquals([alice.news, again.news, bob.news], [["a 1/0"], ["a 1/0"], ["a 1/1"]]);
  assertEquals([asked(), news.rooms], [1, ["a", "b"]]);
  await say("elsewhere");
  await say("b");
  await pass(time, 0);
  assertEquals([alice.news, again.news, bob.news, asked()], [["b 1/0"], [], [], 2]);
  news.close();
});

Deno.test("News tells of a room at most once a second, and in the end how it stands", async () => {
  using time = new FakeTime();
  const { store, news, say, asked, alice } = await openNews();
  using _ = store;
  news.watch(alice, "a", 0);
  for (let i = 0; i < 40; i++) {
    await say("a");
    await pass(time, NEWS_MS / 20);
  }
  await pass(time, NEWS_MS);
  assertEquals(alice.news, ["a 1/0", "a 20/0", "a 40/0"]);
  await pass(time, 10 * NEWS_MS);
  assertEquals([alice.news, asked(), time.next()], [[], 3, false]);
  news.close();
});

Deno.test("News tells nothing of what was known when the watching began, and nothing twice", async () => {
  using time = new FakeTime();
  const { store, news, alice } = await openNews();
  using _ = store;
  await store.append([send({ room: "a" }), send({ room: "a" })]);
  news.watch(alice, "a", 2);
  for (const seq of [1, 2]) news.aim({ room: "a", seq });
  await pass(time, 2 * NEWS_MS);
  assertEquals(alice.news, []);
  await store.append([send({ room: "a" })]);
  for (const seq of [3, 3, 2]) news.aim({ room: "a", seq });
  await pass(time, 5 * NEWS_MS);
  assertEquals(alice.news, ["a 3/0"]);
  news.close();
});

Deno.test("News tells nothing of a room that is not a person's any more", async () => {
  using time = new FakeTime();
  const { store, news, say, alice, bob } = await openNews();
  using _ = store;
  for (const watcher of [alice, bob]) news.watch(watcher, "a", 0);
  await store.move("i1", [{ ...enter(ALICE, "a"), on: false }]);
  await store.withdraw(ALICE.id, "a");
  await say("a");
  await pass(time, NEWS_MS);
  assertEquals([alice.news, bob.news], [[], ["a 1/0"]]);
  news.close();
});

Deno.test("News tells no more of a room that is not watched, or to a watcher that is forgotten", async () => {
  using time = new FakeTime();
  const { store, news, say, alice, bob } = await openNews();
  using _ = store;
  for (const room of ["a", "b"]) news.watch(alice, room, 0);
  news.watch(bob, "a", 0);
  news.unwatch(alice, "a");
  await say("a");
  await pass(time, NEWS_MS);
  assertEquals([alice.news, bob.news, news.rooms], [[], ["a 1/0"], ["a", "b"]]);
  news.forget(bob);
  await say("a");
  await say("b");
  await pass(time, 0);
  assertEquals([alice.news, bob.news, news.rooms], [["b 1/0"], [], ["b"]]);
  news.forget(alice);
  assertEquals([news.rooms, time.next()], [[], false]);
  news.close();
});

Deno.test("News tells when the store answers again what could not be told", async () => {
  using time = new FakeTime();
  const { store, news, say, asked, alice } = await openNews();
  using _ = store;
  news.watch(alice, "a", 0);
  await store.append([send({ room: "a" }), send({ room: "a" })]);
  store.state = "down";
  news.aim({ room: "a", seq: 2 });
  for (let i = 0; i < 3; i++) await pass(time, NEWS_MS);
  assertEquals([alice.news, asked()], [[], 4]);
  store.state = "up";
  await pass(time, NEWS_MS);
  assertEquals(alice.news, ["a 2/0"]);
  await say("b");
  news.close();
  await pass(time, 10 * NEWS_MS);
  assertEquals([alice.news, time.next()], [[], false]);
});
