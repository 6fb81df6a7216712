import { resolve } from "node:path";

/** Where a Deno KV database is. */
export type KvAddress =
  /** The one that the platform gives the program. */
  | { readonly kind: "platform" }
  /** In a file of this machine, by its absolute path. */
  | { readonly kind: "file"; readonly path: string }
  /** Behind a URL, which asks for a token. */
  | { readonly kind: "remote"; readonly url: string };

const PREFIX = "kv:";

/** Reads `kv:`, `kv:PATH` or `kv:https://…`; `undefined` if it is none, or a URL with a user, a password or another scheme. */
export function parseKvAddress(store: string): KvAddress | undefined {
  if (!store.startsWith(PREFIX)) return;
  const rest = store.slice(PREFIX.length);
  if (rest === "") return { kind: "platform" };
  if (!/^\w+:\/\//.test(rest)) return { kind: "file", path: resolve(rest) };
  const url = URL.parse(rest);
  const isFit = url !== null && /^https?:$/.test(url.protocol) &&
    url.username + url.password === "";
  return isFit ? { kind: "remote", url: rest } : undefined;
}

/** What Deno opens: a path, a URL, or nothing for the platform's own. */
export function kvTarget(address: KvAddress): string | undefined {
  switch (address.kind) {
    case "platform":
      return undefined;
    case "file":
      return address.path;
    case "remote":
      return address.url;
  }
}
