import { assertEquals } from "@std/assert";
import { Balancer } from "../helpers/balancer.ts";
import { delay } from "../helpers/delay.ts";
import type { EngineKind, EngineServer } from "../helpers/engine_server.ts";
import { status } from "../helpers/status.ts";
import type { Random } from "../simulation/random.ts";
import { RestartingServer } from "./restarting_server.ts";

/** How many instances a cluster has. */
export const INSTANCES = 3;
/** How long an instance that ends serves on, in milliseconds: ten times as long as the balancer takes to notice. */
export const DRAIN_MS = 1_000;
/** How long anything of a cluster may live, in milliseconds. */
const LIFETIME_MS = 90_000;

/** What every instance of a test is set to: nobody is slowed down, and whoever was away hears of all that was said. */
export const CLUSTER_SETTINGS = {
  PARLEY_ISOLATES: "1",
  PARLEY_LOG: "warn",
  PARLEY_MESSAGES_PER_SECOND: "0",
  PARLEY_CONNECTIONS_PER_ADDRESS: "0",
  PARLEY_MAX_REPLAY: "10000",
  PARLEY_DRAIN_S: String(DRAIN_MS / 1000),
} as const;

/** Three instances as processes of their own, over one server of an engine, behind a balancer. */
export class Cluster implements AsyncDisposable {
  readonly #things: AsyncDisposableStack;

  private constructor(
    things: AsyncDisposableStack,
    readonly engine: EngineServer,
    readonly instances: readonly RestartingServer[],
    readonly balancer: Balancer,
  ) {
    this.#things = things;
  }

  /** Starts it all, and waits until every instance is ready; `tree` is the folder of the release that is run. */
  static async start(kind: EngineKind, random: Random, tree?: string): Promise<Cluster> {
    await using things = new AsyncDisposableStack();
    const engine = things.use(await kind.start());
    const settings = { ...CLUSTER_SETTINGS, PARLEY_STORE: engine.url() };
    const instances = Array.from(
      { length: INSTANCES },
      () => things.use(new RestartingServer(random, { tree, settings, lifetimeMs: LIFETIME_MS })),
    );
    await Promise.all(instances.map((instance) => instance.start()));
    const balancer = things.use(new Balancer(instances.map(({ url }) => url)));
    await balancer.knows(INSTANCES);
    return new Cluster(things.move(), engine, instances, balancer);
  }

  /** Waits until every instance says that it is ready, or that it is not; meanwhile and after it, all of them live. */
  async untilReady(ready: boolean): Promise<void> {
    await Promise.all(this.instances.map(async ({ url }) => {
      while (await status(`${url}/readyz`) !== (ready ? 200 : 503)) await delay(50);
      assertEquals(await status(`${url}/healthz`), 200);
    }));
  }

  /** What the instances have complained of. */
  get complaints(): string {
    return this.instances.map(({ complaints }) => complaints).join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#things.disposeAsync();
  }
}
