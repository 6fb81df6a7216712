// @ts-types="@types/negotiator"
import Negotiator from "negotiator";

/** Lists the media types that a request accepts, the most welcome first. */
export function accepts(request: Pick<Request, "headers">): string[];
/** Picks the most welcome of the media types on offer, if a request accepts one. */
export function accepts<T extends string = string>(
  request: Pick<Request, "headers">,
  ...types: T[]
): T | undefined;
export function accepts(
  request: Pick<Request, "headers">,
  ...types: string[]
): string | string[] | undefined {
  const accept = request.headers.get("accept");
  if (!accept) return types.length > 0 ? types[0] : ["*/*"];
  const negotiator = new Negotiator({ headers: { accept } });
  return types.length > 0 ? negotiator.mediaTypes(types)[0] : negotiator.mediaTypes();
}

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
  const negotiator = new Negotiator({ headers: { "accept-encoding": accept } });
  return encodings.length > 0 ? negotiator.encodings(encodings)[0] : negotiator.encodings();
}
