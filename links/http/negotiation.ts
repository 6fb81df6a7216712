/** Lists the content encodings that a request accepts, the most welcome first. */
export function acceptsEncodings(request: Pick<Request, "headers">): string[];
/** Picks the most welcome of the content encodings on offer, of which `identity` should be one, if a request accepts one. */
export function acceptsEncodings<T extends string = string>(
  request: Pick<Request, "headers">,
  ...encodings: T[]
): T | undefined;
export function acceptsEncodings(
  request: Pick<Request, "headers">,
  ...encodings: string[]
): string | string[] | undefined {
  const accept = request.headers.get("accept-encoding");
  if (!accept) return encodings.length > 0 ? encodings[0] : ["*"];
  const qualities = readQualities(accept);
  const names = [...qualities.keys()];
  const welcome = (encodings.length > 0 ? encodings : names).map((encoding) => {
    const isNamed = qualities.has(encoding.toLowerCase());
    const name = isNamed ? encoding.toLowerCase() : "*";
    return { encoding, isNamed, place: names.indexOf(name), quality: qualities.get(name) ?? 0 };
  }).filter(({ quality }) => quality > 0).sort((a, b) =>
    b.quality - a.quality || Number(b.isNamed) - Number(a.isNamed) || a.place - b.place
  ).map(({ encoding }) => encoding);
  return encodings.length > 0 ? welcome[0] : welcome;
}

/** How welcome each encoding is that a header names, from 0 to 1, in its order (RFC 9110, section 12.5.3). */
function readQualities(accept: string): Map<string, number> {
  const qualities = new Map(
    accept.split(",").map((part) => {
      const [name, ...parameters] = part.split(";").map((text) => text.trim());
      const quality = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2) ?? "1";
      return [name!.toLowerCase(), Number.parseFloat(quality)];
    }),
  );
  if (!qualities.has("identity") && !qualities.has("*")) {
    // Nothing is less welcome, but what is refused.
    qualities.set("identity", Math.min(1, ...[...qualities.values()].filter((one) => one > 0)));
  }
  return qualities;
}
