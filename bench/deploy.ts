/**
 * `deno task bench:deploy`: what an instance on Deno Deploy costs, as far as that can be measured without it: its start, what Deno KV does in a
 * second, the memory of 5,000 people who say nothing, and what a message takes. It fails if those people do not fit.
 *
 * Run it with the release of Deno that is there, on Linux, with `ulimit -n` at 12,000 or more.
 *
 * @module
 */
import { Client } from "../tests/helpers/client.ts";
import { ServerProcess } from "../tests/helpers/process.ts";
import { MEMORY_MIB, peakMib, withoutKv } from "../tests/faults/deploy_platform.ts";
import { measureKv } from "./kv.ts";
import { cpuMs, measureStarts } from "./starts.ts";

const PEOPLE = 5_000;
/** How many come at a time. */
const AT_ONCE = 100;
const MESSAGES = 200;
/** Rooms are so small here that all hear of who comes and goes. */
const PEOPLE_A_ROOM = 50;
const LIFETIME_MS = 600_000;

console.log(`Deno ${Deno.version.deno}, ${navigator.hardwareConcurrency} cores`);
console.log("start to first byte:");
for (const [name, { wallMs, cpuMs }] of await measureStarts()) {
  console.log(`  ${name.padEnd(23)} ${wallMs.toFixed(0)} ms, of processor time ${cpuMs} ms`);
}
console.log("Deno KV in a file:");
for (const [name, figure] of await measureKv()) console.log(`  ${name.padEnd(34)} ${figure}`);
console.log(`load of the machine: ${Deno.loadavg()[0]!.toFixed(1)}`);

await using server = await ServerProcess.listening({
  ...withoutKv({ PARLEY_MESSAGES_PER_SECOND: "0" }),
  lifetimeMs: LIFETIME_MS,
});
const people: Client[] = [];
for (let i = 0; i < PEOPLE; i += AT_ONCE) {
  people.push(
    ...await Promise.all(
      Array.from(
        { length: AT_ONCE },
        (_, k) => Client.joined(server.ws, `User ${i + k}`, roomOf(i + k)),
      ),
    ),
  );
}
const peak = await peakMib(server);
console.log(`${PEOPLE} people in rooms of ${PEOPLE_A_ROOM}: at most ${peak.toFixed(0)} MiB`);

const before = await cpuMs(server.pid);
let bytes = 0;
people[0]!.socket.addEventListener("message", ({ data }) => bytes += data.length);
for (let i = 0; i < MESSAGES; i++) {
  await people[1]!.say("Forty characters, as a message of a chat.", roomOf(0));
}
await people[0]!.until(
  () => people[0]!.all("chat_message").length >= MESSAGES,
  "all messages",
);
const cpuPerMessageMs = (await cpuMs(server.pid) - before) / MESSAGES;
console.log(`a message of 40 characters: ${(bytes / MESSAGES).toFixed(0)} bytes to each member,`);
console.log(`  ${cpuPerMessageMs.toFixed(2)} ms of processor time for ${PEOPLE_A_ROOM} members`);
for (const person of people) person.socket.close();
if (peak > MEMORY_MIB) Deno.exit(1);

function roomOf(person: number): string {
  return `room-${Math.floor(person / PEOPLE_A_ROOM)}`;
}
