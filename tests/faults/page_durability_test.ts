import { browserTest } from "../helpers/browser.ts";
import type { Person } from "../helpers/person.ts";
import { TemporaryFolder } from "../helpers/process.ts";
import { RestartingServer } from "./restarting_server.ts";
import { replayable } from "./seed.ts";

const LINES = Array.from({ length: 26 }, (_, index) => `line ${index}`);
/** How often something goes wrong while they are written. */
const TIMES = 3;
/** Longer than a silent network goes unnoticed, in milliseconds. */
const SILENCE_MS = 10_000;

/** What the browser itself logs of a socket that does not open, and of a request that is not answered. */
const UNREACHABLE = /^WebSocket connection to .* failed|net::ERR_/;

/** Something that goes wrong. The server is frozen before, so that what was said last is on its way then. */
interface Mishap {
  readonly name: string;
  /** Makes it happen, and answers what puts it right some lines later. */
  readonly befall: (writer: Person, server: RestartingServer) => Promise<() => Promise<void>>;
}

const MISHAPS: readonly Mishap[] = [
  {
    name: "the network is cut",
    async befall({ page }, server) {
      await page.context().setOffline(true);
      server.thaw();
      return async () => {
        await page.clock.runFor(SILENCE_MS);
        await page.context().setOffline(false);
      };
    },
  },
  {
    name: "the page is reloaded",
    async befall({ page }, server) {
      const reloaded = page.reload();
      server.thaw();
      await reloaded;
      return () => Promise.resolve();
    },
  },
  {
    name: "the server is killed",
    async befall(_, server) {
      await server.kill();
      return () => server.start();
    },
  },
];

for (const { name, befall } of MISHAPS) {
  browserTest(
    `each line is in the room once, and in order, though ${name}`,
    (visitors) =>
      replayable(async (random) => {
        using folder = new TemporaryFolder();
        await using server = new RestartingServer(random, {
          settings: { ...folder.store, PARLEY_ISOLATES: "1", PARLEY_MESSAGES_PER_SECOND: "0" },
        });
        await server.start();
        const alice = await visitors.open(`${server.url}/?user=Alice`, { clock: true });
        const bob = await visitors.open(`${server.url}/?user=Bob`, { apart: true });
        for (const person of [alice, bob]) person.expects(UNREACHABLE);
        await alice.peopleAre("Alice", "Bob");

        let said = 0;
        const say = async (count: number) => {
          const lines = LINES.slice(said, said + count);
          said += count;
          for (const line of lines) {
            await alice.say(line);
            // A line is safe when it shows, and not before.
            await alice.message(line).waitFor();
          }
        };
        for (let time = 0; time < TIMES; time++) {
          await say(random.integer(0, 3));
          server.freeze();
          await say(random.integer(1, 3));
          const putRight = await befall(alice, server);
          await say(random.integer(0, 2));
          await putRight();
        }
        await say(LINES.length - said);

        for (const person of [bob, alice]) {
          await person.seesAll(LINES.map((line) => `Alice: ${line}`));
        }
        // Before the server, or the pages would complain that it is gone.
        await visitors.leave();
      }),
  );
}
