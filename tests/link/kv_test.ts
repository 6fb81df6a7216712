import { assert, assertEquals } from "@std/assert";
import { openKvLink } from "../../lib/link/kv.ts";
import { LINK_VERSION, type Post } from "../../lib/link/link.ts";
import { type Kv, KvDatabase } from "../../lib/store/kv_database.ts";
import { faulty, inFile, inMemory, shared } from "../helpers/kv.ts";
import { linkContract, type TestCarrier } from "./contract.ts";

linkContract("Deno KV", async (): Promise<TestCarrier> => {
  const kv = await Deno.openKv(":memory:");
  return {
    connect: (instance) => (receive) => openKvLink(new KvDatabase(kv), instance, receive),
    [Symbol.asyncDispose]() {
      kv.close();
      return Promise.resolve();
    },
  };
});

/** A post of an instance that can be told from its others. */
function post(from: string, seq: number, fill = ""): Post {
  return { v: LINK_VERSION, from, heads: [{ room: `general${fill}`, seq }] };
}

/** What was received, and when it is as much as is waited for. */
class Inbox {
  readonly posts: Post[] = [];
  #onPost = () => {};

  readonly receive = (post: Post) => {
    this.posts.push(post);
    this.#onPost();
  };

  holds(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#onPost = () => {
        if (this.posts.length >= count) resolve();
      };
      this.#onPost();
    });
  }
}

Deno.test("Deno KV carries posts between handles to one file, and tells changes by their heads", async () => {
  await using file = await inFile();
  const [one, two] = await Promise.all([Deno.openKv(file.path), Deno.openKv(file.path)]);
  const inbox = new Inbox();
  const links = await Promise.all([
    openKvLink(new KvDatabase(one), "one", () => {}),
    openKvLink(new KvDatabase(two), "two", inbox.receive),
  ]);
  assertEquals(links.map(({ changes }) => changes), ["heads", "heads"]);
  links[0]!.post(post("one", 1));
  await inbox.holds(1);
  await Promise.all(links.map((link) => link.close()));
  one.close();
  two.close();
});

Deno.test("Deno KV carries more posts of one turn than one value holds, in order", async () => {
  await using database = await inMemory();
  const inbox = new Inbox();
  const db = new KvDatabase(database.kv);
  const one = await openKvLink(db, "one", () => {});
  const two = await openKvLink(db, "two", inbox.receive);
  // 1,000 characters each, and 64 KiB in a value.
  for (let seq = 1; seq <= 10; seq++) one.post(post("one", seq, "x".repeat(1000)));
  await inbox.holds(10);
  assertEquals(inbox.posts.map(({ heads }) => heads![0]!.seq), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  for (let seq = 0; seq < 2_000; seq++) one.post(post("one", seq, "x".repeat(1000)));
  // Some of so many are lost, and the last ones of those that were taken come.
  await inbox.holds(20);
  await Promise.all([one.close(), two.close()]);
  for await (
    const { value } of database.kv.list<{ posts: string[] }>({ prefix: ["parley", "posts"] })
  ) {
    assert(value.posts.join("").length <= 32_768);
  }
});

Deno.test("Deno KV carries posts within some seconds where no watch tells of them", async () => {
  await using database = await inMemory();
  const inbox = new Inbox();
  const deaf = { ...shared(database.kv), watch: () => new ReadableStream() } as unknown as Kv;
  const one = await openKvLink(new KvDatabase(database.kv), "one", () => {});
  const two = await openKvLink(new KvDatabase(deaf), "two", inbox.receive);
  const looks = setInterval(() => one.post(post("one", 1)), 500);
  await inbox.holds(1);
  clearInterval(looks);
  await Promise.all([one.close(), two.close()]);
});

Deno.test("Deno KV that fails costs posts, and nothing else", async () => {
  await using database = await inMemory();
  const inbox = new Inbox();
  let fails = true;
  const db = new KvDatabase(faulty(database.kv, () => fails ? "lost" : "done"));
  const one = await openKvLink(db, "one", () => {});
  const two = await openKvLink(db, "two", inbox.receive);
  one.post(post("one", 1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  fails = false;
  one.post(post("one", 2));
  await inbox.holds(1);
  assertEquals(inbox.posts.at(-1), post("one", 2));
  await Promise.all([one.close(), two.close()]);
});
