/** A range of addresses. */
export interface Network {
  /** The leading bits that they share, as "0" and "1". IPv4 stands in `::ffff:0:0/96`, so that both spellings match. */
  readonly bits: string;
}

/** Who sent a request, as far as the proxies on the way are believed. */
export interface Peer {
  /** The client's address: IPv4 in dotted form, IPv6 in its shortest form. */
  readonly address: string;
  /** What limits should count by: the address, or the /64 around an IPv6 one, since one client holds all of that. */
  readonly block: string;
  /** Whether the client used `https:` or `wss:`, here or at a trusted proxy. */
  readonly https: boolean;
}

/** Reads an address (`10.0.0.1`, `::1`) or a range (`10.0.0.0/8`, `fd00::/8`); `undefined` if it is neither. */
export function parseNetwork(text: string): Network | undefined {
  const [address = "", prefix, ...rest] = text.split("/");
  const bits = parseAddress(address);
  if (bits === undefined || rest.length > 0) return undefined;
  if (prefix === undefined) return { bits };
  const width = address.includes(":") ? 128 : 32;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > width) return undefined;
  return { bits: bits.slice(0, 128 - width + Number(prefix)) };
}

/**
 * Finds out who sent a request.
 *
 * `remoteAddress` is the other end of the TCP connection. The `X-Forwarded-*` headers count only if it is trusted.
 */
export function readPeer(
  request: Request,
  remoteAddress: string,
  trustedProxies: readonly Network[],
): Peer {
  const { headers, url } = request;
  const address = clientAddress(remoteAddress, headers, trustedProxies);
  return { address, block: blockAround(address), https: cameByHttps() };

  function cameByHttps(): boolean {
    const told = isTrusted(remoteAddress, trustedProxies) ? headers.get("x-forwarded-proto") : null;
    // The last entry is the nearest proxy's. Some write "wss" for an upgrade.
    const scheme = told?.split(",").at(-1) ?? new URL(url).protocol;
    return /^\s*(https|wss):?\s*$/i.test(scheme);
  }
}

/**
 * The address that a request came from, in the form of {@linkcode Peer.address}.
 *
 * Walks `X-Forwarded-For` from the right for as long as the address at hand is a trusted proxy, since each proxy
 * vouches only for the entry that it wrote itself. An entry that is no address ends the walk at the proxy that wrote it.
 */
export function clientAddress(
  remoteAddress: string,
  headers: Headers,
  trustedProxies: readonly Network[],
): string {
  const hops = headers.get("x-forwarded-for")?.split(",") ?? [];
  let address = remoteAddress;
  while (hops.length > 0 && isTrusted(address, trustedProxies)) {
    const hop = withoutPort(hops.pop()!.trim());
    if (parseAddress(hop) === undefined) break;
    address = hop;
  }
  const bits = parseAddress(address);
  return bits === undefined ? address : formatAddress(bits);
}

function blockAround(address: string): string {
  const bits = parseAddress(address);
  if (bits === undefined || !address.includes(":")) return address;
  return `${formatAddress(bits.slice(0, 64).padEnd(128, "0"))}/64`;
}

function isTrusted(address: string, trustedProxies: readonly Network[]): boolean {
  const bits = parseAddress(address);
  return bits !== undefined && trustedProxies.some((network) => bits.startsWith(network.bits));
}

/** Some proxies write `1.2.3.4:567` and `[::1]:567`. */
function withoutPort(hop: string): string {
  return /^\[(.*)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
}

const IPV4_IN_IPV6 = "0".repeat(80) + "1".repeat(16);

/** The 128 bits of an address. */
function parseAddress(text: string): string | undefined {
  if (!text.includes(":")) {
    const bits = parseIpv4(text);
    return bits && IPV4_IN_IPV6 + bits;
  }
  const url = /^[\da-f:.]+$/i.test(text) ? URL.parse(`http://[${text}]`) : null;
  return url ? expandIpv6(url.hostname.slice(1, -1)) : undefined;
}

function parseIpv4(text: string): string | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const bytes = text.split(".").map(Number);
  return bytes.every((byte) => byte <= 255) ? toBits(bytes, 8) : undefined;
}

/** Takes the form in which `URL` writes an address: lower case, no dotted tail, at most one `::`. */
function expandIpv6(text: string): string {
  const [head = [], tail = []] = text.split("::").map((part) => part.match(/[^:]+/g) ?? []);
  const zeros = Array<string>(8 - head.length - tail.length).fill("0");
  return toBits([...head, ...zeros, ...tail].map((group) => parseInt(group, 16)), 16);
}

function formatAddress(bits: string): string {
  if (bits.startsWith(IPV4_IN_IPV6)) return fromBits(bits.slice(96), 8).join(".");
  const groups = fromBits(bits, 16).map((group) => group.toString(16));
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

function toBits(numbers: readonly number[], width: number): string {
  return numbers.map((number) => number.toString(2).padStart(width, "0")).join("");
}

function fromBits(bits: string, width: number): number[] {
  return Array.from(
    { length: bits.length / width },
    (_, i) => parseInt(bits.slice(i * width, (i + 1) * width), 2),
  );
}
