import { assertEquals } from "@std/assert";
import { Outage } from "../../static/js/state/outage.js";

type Link = Parameters<Outage["note"]>[0];

const CASES: readonly [name: string, steps: readonly [Link, at: number][], told: boolean[]][] = [
  ["nobody is told of the first connection", [["connecting", 0], ["connected", 5_000]], [
    false,
    false,
  ]],
  ["an outage of a moment is not worth a word", [["reconnecting", 0], ["connected", 1_999]], [
    false,
    false,
  ]],
  [
    "the end of one that could be noticed is told, and for a while",
    [["reconnecting", 0], ["offline", 1_500], ["connected", 2_000], ["connected", 6_999], [
      "connected",
      7_000,
    ]],
    [false, false, true, true, false],
  ],
  [
    "it is told once, though the connection goes on and on",
    [["offline", 0], ["connected", 3_000], ["connected", 60_000]],
    [false, true, false],
  ],
  [
    "it is no longer told when the connection is lost again, nor after a moment of that",
    [["offline", 0], ["connected", 3_000], ["reconnecting", 4_000], ["connected", 4_500]],
    [false, true, false, false],
  ],
  ["a page that was opened without a network is told too", [["connecting", 0], ["offline", 100], [
    "connected",
    5_000,
  ]], [false, false, true]],
];

for (const [name, steps, told] of CASES) {
  Deno.test(`outage: ${name}`, () => {
    const outage = new Outage();
    assertEquals(steps.map(([link, now]) => outage.note(link, now) > now), told);
  });
}
