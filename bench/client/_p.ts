import { Site } from "./site.ts";
await using site = await Site.open(200);
for (const rate of [1, 4, 4]) {
  await using v = await site.newcomer();
  console.log(
    rate,
    await v.load(rate),
    JSON.stringify(
      await v.page.evaluate(
        `(() => { const n = performance.getEntriesByType("navigation")[0]; const r = performance.getEntriesByType("resource"); const js = r.filter(x => x.name.includes("/js/")); const api = r.filter(x => x.name.includes("/api/")).map(x => [x.name, Math.round(x.startTime), Math.round(x.responseEnd)]); return { resp: n.responseEnd, dcl: n.domContentLoadedEventStart, di: n.domInteractive, firstJs: Math.min(...js.map(x => x.startTime)), lastJs: Math.max(...js.map(x => x.responseEnd)), mainEnd: js.find(x => x.name.endsWith("main.js")).responseEnd, fcp: performance.getEntriesByName("first-contentful-paint")[0]?.startTime, api } })()`,
      ),
    ),
  );
}
