import axe, { type AxeResults } from "axe-core";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { assert, assertEquals } from "@std/assert";
import type { Person } from "./person.ts";

/** Where a screenshot of each state goes, for people to look at. */
const ARTIFACTS = fileURLToPath(new URL("../e2e/artifacts", import.meta.url));

const CI = Deno.env.get("CI") === "true";

/** Checks that all there is fits the window and is accessible, in light and dark, and takes pictures of it. */
export async function looksSound(page: Page, state: string): Promise<void> {
  const overflow: number = await page.evaluate(
    "document.scrollingElement.scrollWidth - innerWidth",
  );
  assert(overflow <= 0, `${state} is ${overflow} px too wide`);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    // On a machine that builds nobody looks.
    if (!CI) await page.screenshot({ path: `${ARTIFACTS}/${state}-${colorScheme}.png` });
    assertEquals(await violations(page), [], `${state} in ${colorScheme}`);
  }
}

/** Checks the same of a person's page, and that they can reach what they write in. */
export async function isSound({ page, composer }: Person, state: string): Promise<void> {
  if (await composer.isVisible()) await isInReach(composer);
  await looksSound(page, state);
}

/** Checks that all of something is within the window. */
async function isInReach(target: Locator): Promise<void> {
  const { width, height } = target.page().viewportSize()!;
  const box = (await target.boundingBox())!;
  const inside = box.x >= 0 && box.x + box.width <= width && box.y >= 0 &&
    box.y + box.height <= height;
  assert(inside, `${target} is out of reach: ${JSON.stringify(box)}`);
}

/** What axe-core finds fault with, each with the element that it is about. */
export async function violations(page: Page): Promise<string[]> {
  // By way of the debugger: the content security policy lets nothing else in.
  if (await page.evaluate("!globalThis.axe")) await page.evaluate(axe.source);
  const results: AxeResults = await page.evaluate("axe.run()");
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
