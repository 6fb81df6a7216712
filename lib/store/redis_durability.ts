/** What a server says of how it is set; `undefined` for what it does not tell. */
export type Ask = (setting: string) => Promise<string | undefined>;

/** Why what a server acknowledges may be lost, each a sentence for the person who runs it; nothing if it is not. */
export async function findRisks(ask: Ask): Promise<string[]> {
  const [appendonly, appendfsync, policy] = await Promise.all(
    ["appendonly", "appendfsync", "maxmemory-policy"].map(ask),
  );
  const risks: string[] = [];
  if (appendonly === undefined) {
    risks.push(
      "Redis does not tell whether it keeps what it acknowledges: it does with `appendonly yes` and `appendfsync always`",
    );
  } else if (appendonly !== "yes") {
    risks.push(
      "Redis loses what it acknowledged when it ends: set `appendonly yes` and `appendfsync always`",
    );
  } else if (appendfsync !== "always") {
    risks.push(
      "Redis loses up to a second of what it acknowledged in a crash: set `appendfsync always`",
    );
  }
  if (policy !== undefined && policy !== "noeviction") {
    risks.push(
      "Redis removes messages when its memory is full: set `maxmemory-policy noeviction`",
    );
  }
  return risks;
}
