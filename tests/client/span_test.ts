import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { MOST, nextSpan, type Span } from "../../static/js/state/span.js";

/** Asks until nothing changes any more, and answers all steps. */
function steps(count: number, shown: Span, seen: Span): Span[] {
  const all = [shown];
  for (;;) {
    const next = nextSpan(count, all.at(-1)!, seen);
    if (next === all.at(-1)) return all;
    all.push(next);
    assert(all.length < 100, "it must settle");
  }
}

const aCase = fc.record({
  count: fc.integer({ min: 1, max: 2_000 }),
  at: fc.integer({ min: 0, max: 1_999 }),
  height: fc.integer({ min: 1, max: 120 }),
  from: fc.integer({ min: 0, max: 1_999 }),
  length: fc.integer({ min: 0, max: MOST }),
}).map(({ count, at, height, from, length }) => {
  const seenFrom = at % count;
  const shownFrom = from % count;
  return {
    count,
    seen: { from: seenFrom, to: Math.min(count, seenFrom + height) },
    shown: { from: shownFrom, to: Math.min(count, shownFrom + length) },
  };
});

Deno.test("what is in view is always on the page, and never more than may be", () => {
  fc.assert(fc.property(aCase, ({ count, seen, shown }) => {
    for (const { from, to } of steps(count, shown, seen).slice(1)) {
      assert(from >= 0 && to <= count && from <= seen.from && to >= seen.to);
      assert(to - from <= MOST);
    }
  }));
});

Deno.test("in the end there are rows on both sides of what is in view, as far as there are any", () => {
  fc.assert(fc.property(aCase, ({ count, seen, shown }) => {
    const { from, to } = steps(count, shown, seen).at(-1)!;
    assert(from === 0 || seen.from - from > 40);
    assert(to === count || to - seen.to > 40);
  }));
});

Deno.test("few rows come at a time, and those that are near are left alone", () => {
  const [, next] = steps(1_000, { from: 500, to: 600 }, { from: 540, to: 560 });
  assertEquals(next, { from: 480, to: 620 });
  const settled = { from: 495, to: 615 };
  assertEquals(nextSpan(1_000, settled, { from: 545, to: 565 }), settled);
});

Deno.test("without a step no row comes that is not seen, and what is far goes", () => {
  const shown = { from: 500, to: 640 };
  assertEquals(nextSpan(1_000, shown, { from: 500, to: 520 }, 0), { from: 500, to: 580 });
  assertEquals(nextSpan(1_000, shown, { from: 560, to: 580 }, 0), shown);
});
