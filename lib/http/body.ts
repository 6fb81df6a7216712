import { refused } from "../chat/outcome.ts";
import { Refusal } from "./refusal.ts";

/** The largest body that is read, in bytes. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Reads the body of a request as JSON; throws a {@linkcode Refusal} if it is too large, or is none. */
export async function readJson(request: Request): Promise<unknown> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) {
      throw new Refusal(refused("too_long", `A body may have at most ${MAX_BODY_BYTES} bytes`));
    }
    chunks.push(chunk);
  }
  try {
    return JSON.parse(await new Blob(chunks).text());
  } catch {
    throw new Refusal(refused("bad_request", "The body must be JSON: it is not"));
  }
}
