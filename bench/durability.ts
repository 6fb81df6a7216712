/**
 * What durability costs: `deno task bench:durability` prints it and writes it into `docs/durability.md`.
 *
 * @module
 */
import { type Figures, show, write } from "./durability/figures.ts";
import { measureReading } from "./durability/reading.ts";
import { measureThroughput, type Trial } from "./durability/throughput.ts";

const PEOPLE = { senders: 100, perRoom: 10 };

const TRIALS: readonly Trial[] = [
  {
    name: "ten messages under way each",
    load: { ...PEOPLE, window: 10 },
    slowDisk: false,
  },
  {
    name: "2,000 messages a second",
    load: { ...PEOPLE, perSecond: 2_000 },
    slowDisk: false,
  },
  {
    name: "a commit takes 5 ms, one message under way each",
    load: { ...PEOPLE, window: 1 },
    slowDisk: true,
  },
  {
    name: "a commit takes 5 ms, 2,000 messages a second",
    load: { ...PEOPLE, perSecond: 2_000 },
    slowDisk: true,
  },
];

const loadBefore = Deno.loadavg()[0]!;
const trials: Figures["trials"][number][] = [];
for (const trial of TRIALS) {
  console.log(`Measuring: ${trial.name} …`);
  trials.push([trial, await measureThroughput(trial)]);
}
console.log("Measuring: reading …");
const reading = await measureReading();
const shown = show({ trials, reading, load: [loadBefore, Deno.loadavg()[0]!] });
console.log(`\n${shown}`);
await write(shown);
