import { assertEquals } from "@std/assert";
import { expose, Histogram } from "../../lib/http/exposition.ts";

Deno.test("exposition: families are written with their help, their type and all labels", () => {
  const text = expose([
    { name: "a_total", help: "All of a", type: "counter", samples: () => [[{}, 3]] },
    { name: "b", help: "What b is", type: "gauge", samples: () => [[{ x: "1" }, 0.5], [{}, -2]] },
  ], { instance: "i" });
  assertEquals(
    text,
    `# HELP a_total All of a
# TYPE a_total counter
a_total{instance="i"} 3

# HELP b What b is
# TYPE b gauge
b{x="1",instance="i"} 0.5
b{instance="i"} -2
`,
  );
});

Deno.test("exposition: what would end a label's value is escaped", () => {
  const samples = () => [[{ x: 'a"b\\c\nd' }, 1] as const];
  const text = expose([{ name: "a", help: "A", type: "gauge", samples }], {});
  assertEquals(text.split("\n")[2], String.raw`a{x="a\"b\\c\nd"} 1`);
});

Deno.test("exposition: a histogram counts each value up to every bound that it does not pass", () => {
  const histogram = new Histogram([1, 2.5]);
  for (const value of [0.5, 1, 2, 9]) histogram.observe(value);
  const samples = () => histogram.samples();
  const text = expose([{ name: "h", help: "H", type: "histogram", samples }], {});
  assertEquals(text.trim().split("\n").slice(2), [
    'h_bucket{le="1"} 2',
    'h_bucket{le="2.5"} 3',
    'h_bucket{le="+Inf"} 4',
    "h_sum{} 12.5",
    "h_count{} 4",
  ]);
});
