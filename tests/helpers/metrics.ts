/** The samples of a server's metrics, each by its name and labels without that of the instance. */
export async function scrape(url: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const [, name = "", value] = /^(.*) (\S+)$/.exec(line) ?? [];
    return [name.replace(/,?instance="[^"]*"/, "").replace("{}", ""), Number(value)];
  }));
}

/** Scrapes until something holds of the samples, for 5 s at the most. */
export async function scrapeUntil(
  url: string,
  holds: (samples: ReadonlyMap<string, number>) => boolean,
): Promise<ReadonlyMap<string, number>> {
  const late = performance.now() + 5_000;
  for (;;) {
    const samples = await scrape(url);
    if (holds(samples)) return samples;
    if (performance.now() > late) {
      throw new Error(`It did not come to pass: ${JSON.stringify([...samples])}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
