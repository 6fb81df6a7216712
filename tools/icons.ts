/** Draws the icons of the installed page from `static/favicon.svg`, with Chromium: `deno task icons`. */
import type { Page } from "playwright-core";
import { launchBrowser } from "../tests/helpers/browser.ts";

const STATIC = new URL("../static/", import.meta.url);

/**
 * An icon: its width in pixels, how much of that the mark takes, and what is behind the mark.
 *
 * Of a maskable icon only the circle of 80 % is sure to be seen (W3C Manifest, "Icon masks"); the mark's corners are
 * within it at 56 %. iOS fills what is transparent with black, so its icon has a ground too.
 */
interface Icon {
  readonly file: string;
  readonly size: number;
  readonly share: number;
  readonly ground: string;
}

const GROUND = "#fdfdff";
const ICONS: readonly Icon[] = [
  { file: "icon-192.png", size: 192, share: 1, ground: "transparent" },
  { file: "icon-512.png", size: 512, share: 1, ground: "transparent" },
  { file: "maskable-512.png", size: 512, share: 0.56, ground: GROUND },
  { file: "apple-touch-icon.png", size: 180, share: 0.72, ground: GROUND },
];

if (import.meta.main) {
  const mark = await Deno.readTextFile(new URL("favicon.svg", STATIC));
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  for (const icon of ICONS) {
    await Deno.writeFile(new URL(`icons/${icon.file}`, STATIC), await draw(page, mark, icon));
  }
}

async function draw(page: Page, mark: string, { size, share, ground }: Icon): Promise<Uint8Array> {
  const width = size * share;
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>
    body { margin: 0; display: grid; place-items: center; height: ${size}px; background: ${ground} }
    svg { width: ${width}px; height: ${width}px }
  </style>${mark}`);
  return await page.screenshot({ omitBackground: true });
}
