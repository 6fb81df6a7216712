import { assert, assertEquals, assertRejects } from "@std/assert";
import { LINK_VERSION, type Post } from "../../lib/link/link.ts";
import { openPostgresLink } from "../../lib/link/postgres.ts";
import { DeafPooler } from "../helpers/deaf_pooler.ts";
import { type EngineServer, engineSuite } from "../helpers/engine_server.ts";
import { POSTGRES } from "../helpers/postgres_server.ts";
import { linkContract, type TestCarrier } from "./contract.ts";

async function makeCarrier(server: EngineServer): Promise<TestCarrier> {
  const url = server.url(await server.createDatabase());
  return {
    connect: (instance) => (receive) => openPostgresLink(url, instance, receive),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function post(from: string, seq: number): Post {
  return { v: LINK_VERSION, from, heads: [{ room: "general", seq }] };
}

/** Two links, and what the second of them receives and tells. */
async function openPair(server: EngineServer) {
  const url = server.url(await server.createDatabase());
  const received: Post[] = [];
  const told = { rejoined: 0 };
  let onNews = () => {};
  const one = await openPostgresLink(url, "one", () => {});
  const two = await openPostgresLink(
    url,
    "two",
    (post) => {
      received.push(post);
      onNews();
    },
    () => {
      told.rejoined++;
      onNews();
    },
  );
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      onNews = () => {
        if (isSo()) resolve();
      };
      onNews();
    });
  const close = () => Promise.all([one.close(), two.close()]);
  return { one, two, received, told, until, close };
}

/** Posts again and again until something is so. */
async function postUntil(link: { post(post: Post): void }, isSo: Promise<void>): Promise<void> {
  let seq = 1000;
  const timer = setInterval(() => link.post(post("one", seq++)), 50);
  await isSo;
  clearInterval(timer);
}

engineSuite(POSTGRES, (server) => {
  linkContract("PostgreSQL", () => makeCarrier(server()));

  Deno.test("PostgreSQL links the instances of one database and of no other", async () => {
    const [tea, cake] = [await openPair(server()), await openPair(server())];
    cake.one.post(post("one", 1));
    tea.one.post(post("one", 2));
    await Promise.all([
      tea.until(() => tea.received.length > 0),
      cake.until(() => cake.received.length > 0),
    ]);
    assertEquals([tea.received, cake.received], [[post("one", 2)], [post("one", 1)]]);
    await Promise.all([tea.close(), cake.close()]);
  });

  Deno.test("PostgreSQL carries a post of any length", async () => {
    const { one, received, until, close } = await openPair(server());
    const heads = Array.from({ length: 2000 }, (_, seq) => ({ room: `room-${seq}`, seq }));
    one.post({ v: LINK_VERSION, from: "one", heads });
    const count = () => received.reduce((sum, { heads = [] }) => sum + heads.length, 0);
    await until(() => count() >= heads.length);
    assertEquals(received.flatMap(({ heads = [] }) => [...heads]), heads);
    await close();
  });

  Deno.test("PostgreSQL joins the link again when the server cuts it, and says so", async () => {
    const { one, received, told, until, close } = await openPair(server());
    await server().cut();
    await until(() => told.rejoined === 1);
    const before = received.length;
    await postUntil(one, until(() => received.length > before));
    assertEquals(told.rejoined, 1);
    await close();
  });

  Deno.test("PostgreSQL joins the link again when the server is back, and lets posts be lost meanwhile", async () => {
    const { one, received, told, until, close } = await openPair(server());
    await server().kill();
    for (let seq = 0; seq < 5000; seq++) one.post(post("one", seq));
    await server().restart();
    await until(() => told.rejoined === 1);
    const before = received.length;
    await postUntil(one, until(() => received.length > before));
    assert(received.length < 5000);
    await close();
  });

  Deno.test("PostgreSQL behind what passes no notification on is refused in a sentence", async () => {
    const address = new URL(server().url());
    await using pooler = new DeafPooler(Number(address.port));
    address.port = String(pooler.port);
    const opening = openPostgresLink(address.href, "one", () => {});
    await assertRejects(() => opening, Error, "A pooler that pools transactions passes none on");
  });

  Deno.test("PostgreSQL opens a link while the server is down, and joins it later", async () => {
    const url = server().url();
    await server().kill();
    const rejoined = Promise.withResolvers<void>();
    const link = await openPostgresLink(url, "one", () => {}, rejoined.resolve);
    link.post(post("one", 1));
    await server().restart();
    await rejoined.promise;
    await link.close();
  });

  Deno.test("PostgreSQL lets go of a link that never joined", async () => {
    const url = server().url();
    await server().kill();
    const link = await openPostgresLink(url, "one", () => {});
    await link.close();
    link.post(post("one", 1));
    await server().restart();
  });
});
