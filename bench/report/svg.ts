import { CURVES } from "./palette.ts";

/** How wide a chart is, in its own units: pixels where nothing scales it. */
export const WIDTH = 840;
/** The space between the edge of a chart and what it shows. */
export const MARGIN = 24;

/** A chart as a document of its own. */
export interface Chart {
  readonly title: string;
  /** What stands under the title: how to read it. */
  readonly subtitle: string;
  /** All that it shows, for those who do not see it. */
  readonly desc: string;
  /** Elements under the head, from 0 down. */
  readonly body: string;
  /** How high they are. */
  readonly height: number;
}

const HEAD = 72;

/** Writes a chart as SVG that is readable on any page: it brings its ground along. */
export function writeSvg({ title, subtitle, desc, body, height }: Chart): string {
  const total = HEAD + height + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${total}" width="${WIDTH}" height="${total}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escape(title)}</title>`,
    `<desc id="desc">${escape(desc)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${WIDTH - 1}" height="${total - 1}" rx="8"/>`,
    text(MARGIN, 34, title, "title"),
    text(MARGIN, 54, subtitle, "soft"),
    `<g transform="translate(0 ${HEAD})">`,
    body,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** A line of text; `anchor` says which end of it stands at `x`. */
export function text(
  x: number,
  y: number,
  content: string,
  style = "",
  anchor: "start" | "middle" | "end" = "start",
): string {
  const attributes = (style && ` class="${style}"`) +
    (anchor === "start" ? "" : ` text-anchor="${anchor}"`);
  return `<text x="${round(x)}" y="${round(y)}"${attributes}>${escape(content)}</text>`;
}

/** A straight line. */
export function line(x1: number, y1: number, x2: number, y2: number, style: string): string {
  return `<path class="${style}" d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}"/>`;
}

/** A bar that starts on an axis at its left; nothing at all has no width. */
export function bar(x: number, y: number, width: number, height: number, style: string): string {
  return `<rect class="${style}" x="${round(x)}" y="${round(y)}" width="${
    round(Math.max(0, width))
  }" height="${round(height)}"/>`;
}

/** A line through points, with a dot at each. */
export function curve(points: readonly (readonly [number, number])[], colour: number): string {
  const path = points.map(([x, y]) => `${round(x)} ${round(y)}`).join("L");
  const dots = points.map(([x, y]) =>
    `<circle class="dot c${colour}" cx="${round(x)}" cy="${round(y)}" r="3"/>`
  );
  return [`<path class="curve s${colour}" d="M${path}"/>`, ...dots].join("\n");
}

function escape(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A hundredth of a pixel is nothing, and a chart that changes little should differ little. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function curveStyles(ground: 0 | 1): string {
  return CURVES.map((pair, index) =>
    `.c${index}{fill:${pair[ground]}}.s${index}{stroke:${pair[ground]}}`
  ).join("");
}

const STYLE = `
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:#1f2933}
.title{font-size:18px;font-weight:600}
.case,.own-text{font-weight:600}
.soft,text.tick{fill:#5b6673}
text.tick{font-size:12px}
.ground{fill:#fff;stroke:#d7dce2}
.grid{stroke:#e3e7eb}
.axis{stroke:#8793a0}
.own{fill:${CURVES[0]![0]}}
.other{fill:#a9b3be}
.spread{stroke:#1f2933;stroke-width:1.5;fill:none}
.curve{fill:none;stroke-width:2;stroke-linejoin:round}
.label{stroke:none}
${curveStyles(0)}
@media (prefers-color-scheme:dark){
text{fill:#e6eaef}
.soft,text.tick{fill:#a3adb8}
.ground{fill:#14181d;stroke:#2c343d}
.grid{stroke:#262d35}
.axis{stroke:#74808d}
.own{fill:${CURVES[0]![1]}}
.other{fill:#5c6875}
.spread{stroke:#e6eaef}
${curveStyles(1)}
}`;
