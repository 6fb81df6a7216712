import { assert, assertEquals } from "@std/assert";
import { openRedisLink } from "../../lib/link/redis.ts";
import { LINK_VERSION, type OpenLink, type Post } from "../../lib/link/link.ts";
import { engineSuite } from "../helpers/engine_server.ts";
import { keepLines, open, SILENT } from "../helpers/redis_database.ts";
import { REDIS } from "../helpers/redis_server.ts";
import { edit, react, remove, send } from "../store/drafts.ts";
import { linkContract, type TestCarrier } from "./contract.ts";

function link(url: string, instance: string, prefix = "parley:"): OpenLink {
  return (receive, onRejoined) =>
    openRedisLink(url, { prefix, instance, log: SILENT }, receive, onRejoined);
}

/** What was received, and when there is as much as is waited for. */
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

engineSuite(REDIS, (server) => {
  linkContract("Redis", (): Promise<TestCarrier> => {
    const prefix = `${crypto.randomUUID()}:`;
    return Promise.resolve({
      connect: (instance) => link(server().url(), instance, prefix),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  });

  Deno.test("Redis tells the other instances of changes as it stores them", async () => {
    const url = server().url("1");
    const [one, two] = [new Inbox(), new Inbox()];
    const links = await Promise.all([
      link(url, "one")(one.receive),
      link(url, "two")(two.receive),
    ]);
    const store = await open(url, "one");
    const parent = send({ text: 'a "quote", \u2028 \\ and 👍\ud83d', nonce: "n" });
    const drafts = [
      parent,
      send({ reply_to: parent.id }),
      send({ room: "tea" }),
      edit(parent.id, "again\n"),
      react(parent.id, "👍"),
      react(parent.id, "👍", { on: false }),
      remove(parent.id),
    ];
    const appended = await store.append([...drafts, edit("none", "refused"), parent]);
    const changes = appended.flatMap((one) => "change" in one ? [one.change] : []);
    assertEquals(changes.length, drafts.length);
    await two.holds(1);
    const { epoch } = await store.heads([]);
    assertEquals(two.posts, [{ v: LINK_VERSION, from: "one", epoch, changes }]);
    assertEquals(links.map(({ changes }) => changes), ["stored", "stored"]);
    // Nothing comes of what stores nothing, or back to the one who stores.
    await store.append([parent]);
    links[0]!.post({ v: LINK_VERSION, from: "one", epoch });
    await two.holds(2);
    assertEquals(two.posts[1], { v: LINK_VERSION, from: "one", epoch });
    assertEquals(one.posts, []);
    await Promise.all([store.close(), ...links.map((link) => link.close())]);
  });

  Deno.test("Redis keeps the links of two databases apart", async () => {
    const [here, there] = [new Inbox(), new Inbox()];
    const links = await Promise.all([
      link(server().url("2"), "one")(here.receive),
      link(server().url("3"), "two")(there.receive),
      link(server().url("2"), "three")(() => {}),
    ]);
    links[2]!.post({ v: LINK_VERSION, from: "three" });
    await here.holds(1);
    assertEquals(there.posts, []);
    await Promise.all(links.map((link) => link.close()));
  });

  Deno.test("Redis says that a link was lost and holds again, and carries posts again", async () => {
    const url = server().url("4");
    const { lines, log } = keepLines();
    const inbox = new Inbox();
    const rejoined = Promise.withResolvers<void>();
    let times = 0;
    const one = await openRedisLink(
      url,
      { prefix: "p:", instance: "one", log },
      inbox.receive,
      () => {
        times++;
        rejoined.resolve();
      },
    );
    assertEquals(times, 0);
    await server().cut();
    await rejoined.promise;
    const two = await link(url, "two", "p:")(() => {});
    two.post({ v: LINK_VERSION, from: "two" });
    await inbox.holds(1);
    assertEquals(times, 1);
    assert(lines[0]?.startsWith("The link to the other instances is lost"), lines[0]);
    assert(lines.at(-1)?.startsWith("The link to the other instances holds again"), lines.at(-1));
    await Promise.all([one.close(), two.close()]);
  });

  Deno.test("Redis that is away costs posts, and nothing else", async () => {
    const url = server().url("5");
    const inbox = new Inbox();
    const [one, two] = await Promise.all([
      link(url, "one")(() => {}),
      link(url, "two")(inbox.receive),
    ]);
    await server().kill();
    for (let i = 0; i < 100; i++) one.post({ v: LINK_VERSION, from: "one" });
    await new Promise((resolve) => setTimeout(resolve, 100));
    one.post({ v: LINK_VERSION, from: "one" });
    await server().restart();
    const post = { v: LINK_VERSION, from: "one", typing: [] };
    const posting = setInterval(() => one.post(post), 50);
    while (!inbox.posts.some(({ typing }) => typing)) {
      await inbox.holds(inbox.posts.length + 1);
    }
    clearInterval(posting);
    await Promise.all([one.close(), two.close()]);
  });
});
