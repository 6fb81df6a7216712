import { assertEquals, assertNotEquals } from "@std/assert";
import { RedisEpoch, ROOMS_A_CALL } from "../../lib/store/redis_epoch.ts";
import type { RedisCaller } from "../../lib/store/redis_caller.ts";
import type { Store } from "../../lib/store/store.ts";
import { engineSuite } from "../helpers/engine_server.ts";
import { keep, look, open } from "../helpers/redis_database.ts";
import { REDIS } from "../helpers/redis_server.ts";
import { append, send } from "./drafts.ts";

/** An instance that knows how far a room had come, and comes to servers. */
class Arriving {
  readonly #epoch: RedisEpoch;
  readonly #url: string;

  constructor(url: string, prefix: string) {
    this.#url = url;
    this.#epoch = new RedisEpoch(undefined as unknown as RedisCaller, prefix);
  }

  async at(server: string): Promise<void> {
    await look(this.#url, (run) => this.#epoch.arrive((command) => run(...command), server));
  }

  knows(epoch: string, seq: number, others: readonly string[] = []): void {
    this.#epoch.is(epoch);
    this.#epoch.told([...others.map((room) => ({ room, seq: 1 })), { room: "general", seq }]);
  }
}

interface Scene {
  readonly one: Arriving;
  readonly two: Arriving;
  readonly store: Store;
  readonly epoch: string;
  /** Says three messages, and forgets all but the first. */
  readonly loseTail: () => Promise<void>;
}

/** What becomes of the epoch: whether it is another one at the end. */
const CASES: Readonly<Record<string, [isRenewed: boolean, run: (scene: Scene) => Promise<void>]>> =
  {
    "keeps it where nothing was lost": [false, async ({ one, two, store, epoch }) => {
      await append(store, send());
      one.knows(epoch, 1);
      await two.at("second");
      await append(store, send());
      await one.at("second");
    }],
    "keeps it where a connection was lost, and no server": [false, async ({ one, epoch }) => {
      one.knows(epoch, 99);
      await one.at("first");
    }],
    "renews it where more was told than is there": [true, async ({ one, epoch, loseTail }) => {
      await loseTail();
      one.knows(epoch, 3);
      await one.at("second");
    }],
    "renews it where what was lost has been numbered again": [true, async (scene) => {
      const { one, two, store, epoch, loseTail } = scene;
      await loseTail();
      one.knows(epoch, 3);
      await two.at("second");
      await store.append([send(), send(), send()]);
      await one.at("second");
    }],
    "renews it for who comes to the third server from the first": [true, async (scene) => {
      const { one, two, store, epoch, loseTail } = scene;
      await loseTail();
      one.knows(epoch, 3);
      await two.at("second");
      await store.append([send(), send(), send()]);
      await two.at("third");
      await one.at("third");
    }],
    "renews it where nothing is known of the server before": [true, async ({ one, two, epoch }) => {
      one.knows(epoch, 0);
      for (let i = 0; i < 10; i++) await two.at(`server ${i}`);
      await one.at("server 9");
    }],
    "tells it of more rooms than one call can": [true, async (scene) => {
      const { one, store, epoch, loseTail } = scene;
      const rooms = Array.from({ length: ROOMS_A_CALL }, (_, i) => `room-${i}`);
      await store.append(rooms.map((room) => send({ room })));
      one.knows(epoch, 0, rooms);
      await one.at("second");
      assertEquals((await store.heads([])).epoch, epoch);
      await loseTail();
      one.knows(epoch, 3);
      await one.at("third");
    }],
    "goes by what is known of this log alone": [false, async ({ one, loseTail }) => {
      await loseTail();
      one.knows("another epoch", 3);
      await one.at("second");
    }],
    "goes by nothing where servers are not told apart": [
      false,
      async ({ one, epoch, loseTail }) => {
        await loseTail();
        one.knows(epoch, 3);
        await one.at("");
        await one.at("");
      },
    ],
  };

engineSuite(REDIS, (server) => {
  for (const [sentence, [isRenewed, run]] of Object.entries(CASES)) {
    Deno.test(`the epoch in Redis: an instance that comes to a server ${sentence}`, async () => {
      const url = server().url();
      const prefix = `${crypto.randomUUID()}:`;
      const store = await open(url, "i", prefix);
      const [one, two] = [new Arriving(url, prefix), new Arriving(url, prefix)];
      await Promise.all([one.at("first"), two.at("first")]);
      const { epoch } = await store.heads([]);
      async function loseTail() {
        await append(store, send());
        const windBack = await keep(url, prefix);
        await store.append([send(), send()]);
        await windBack();
      }
      await run({ one, two, store, epoch, loseTail });
      assertEquals((await store.heads([])).epoch !== epoch, isRenewed);
      await store.close();
    });
  }
});

engineSuite(REDIS, (server) => {
  Deno.test("Redis that is killed keeps the log, its epoch and the key of tokens", async () => {
    const store = await open(server().url());
    const { epoch } = await store.heads([]);
    const secret = await store.secret();
    await append(store, send());
    await server().kill();
    await server().restart();
    for (let tries = 0; tries < 100; tries++) {
      if (await store.heads([]).then(() => true, () => false)) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const now = await store.heads(["general"]);
    assertEquals([now.epoch, now.heads[0]?.seq], [epoch, 1]);
    assertEquals(await store.secret(), secret);
    await store.close();
  });

  Deno.test("Redis that is killed and comes back with less has another epoch", async () => {
    const url = server().url("1");
    const store = await open(url);
    await append(store, send());
    const { epoch } = await store.heads([]);
    const windBack = await keep(url, "parley:");
    await store.append([send(), send()]);
    await windBack();
    await server().kill();
    await server().restart();
    for (let tries = 0; tries < 100; tries++) {
      if (await store.heads([]).then(() => true, () => false)) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assertNotEquals((await store.heads([])).epoch, epoch);
    await store.close();
  });
}, { durable: true });
