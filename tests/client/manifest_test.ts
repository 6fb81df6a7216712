import { assert, assertEquals } from "@std/assert";
const manifest = await Deno.readTextFile(
  new URL("../../static/manifest.webmanifest", import.meta.url),
);

const STATIC = new URL("../../static/", import.meta.url);

interface Icon {
  readonly src: string;
  readonly sizes: string;
  readonly purpose?: string;
}

Deno.test("the manifest names icons that are there, each of the size that it says", async () => {
  const { icons }: { icons: readonly Icon[] } = JSON.parse(manifest);
  for (const { src, sizes } of icons) {
    assertEquals(await sizeOf(src), sizes, src);
  }
  // What Chromium asks for before it offers to install a page.
  for (const size of ["192x192", "512x512"]) {
    assert(icons.some(({ purpose, sizes }) => purpose === undefined && sizes === size), size);
  }
  assert(icons.some(({ purpose }) => purpose === "maskable"));
});

Deno.test("the page names the manifest, and an icon for iOS that is there", async () => {
  const html = await Deno.readTextFile(new URL("index.html", STATIC));
  assert(html.includes('<link rel="manifest" href="/manifest.webmanifest">'));
  const [, icon] = /rel="apple-touch-icon" href="([^"]+)"/.exec(html) ?? [];
  assertEquals(await sizeOf(icon!), "180x180");
});

/** The size of a PNG, from its first chunk (RFC 2083, 4.1.1). */
async function sizeOf(path: string): Promise<string> {
  const bytes = await Deno.readFile(new URL(path.slice(1), STATIC));
  const view = new DataView(bytes.buffer);
  return `${view.getUint32(16)}x${view.getUint32(20)}`;
}
