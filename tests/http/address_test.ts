import { assertEquals } from "@std/assert";
import { clientAddress, parseNetwork, readPeer } from "../../lib/http/address.ts";

const networks = (...texts: string[]) => texts.map((text) => parseNetwork(text)!);

const PROXIES = ["10.0.0.0/8", "fd00::/16", "192.0.2.1"];

const CLIENTS: readonly [
  name: string,
  remote: string,
  forwarded: string | null,
  expected: string,
][] = [
  ["a client that comes directly", "198.51.100.7", null, "198.51.100.7"],
  ["a client that claims to be another", "198.51.100.7", "203.0.113.9", "198.51.100.7"],
  ["a proxy that tells nothing", "10.0.0.1", null, "10.0.0.1"],
  ["a client behind one proxy", "10.0.0.1", "203.0.113.9", "203.0.113.9"],
  ["a client behind two proxies", "10.0.0.1", "203.0.113.9, 10.2.3.4", "203.0.113.9"],
  [
    "what the client wrote itself is passed over",
    "10.0.0.1",
    "1.1.1.1, 203.0.113.9",
    "203.0.113.9",
  ],
  ["a chain of proxies only ends at the first", "10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"],
  ["a proxy given as a single address", "192.0.2.1", "203.0.113.9", "203.0.113.9"],
  ["a neighbour of that proxy", "192.0.2.2", "203.0.113.9", "192.0.2.2"],
  ["an IPv6 proxy", "fd00::1", "2001:DB8:0:0::9", "2001:db8::9"],
  ["an IPv6 address out of the range", "fd01::1", "2001:db8::9", "fd01::1"],
  ["a proxy in IPv6 clothes", "::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"],
  ["a client in IPv6 clothes", "::ffff:198.51.100.7", null, "198.51.100.7"],
  ["a client in hexadecimal IPv6 clothes", "::ffff:c633:6407", null, "198.51.100.7"],
  ["a hop in IPv6 clothes", "10.0.0.1", "203.0.113.9, ::ffff:10.0.0.2", "203.0.113.9"],
  ["a hop with a port", "10.0.0.1", "203.0.113.9:5000", "203.0.113.9"],
  ["an IPv6 hop with a port", "10.0.0.1", "[2001:db8::9]:5000", "2001:db8::9"],
  ["spaces around hops", "10.0.0.1", "  203.0.113.9  ,  10.0.0.2 ", "203.0.113.9"],
  ["a word instead of a hop", "10.0.0.1", "unknown", "10.0.0.1"],
  ["a word before the last proxy", "10.0.0.1", "203.0.113.9, _hidden, 10.0.0.2", "10.0.0.2"],
  ["an empty header", "10.0.0.1", "", "10.0.0.1"],
  ["a number too high for a hop", "10.0.0.1", "256.0.0.1", "10.0.0.1"],
  ["a hop with markup", "10.0.0.1", "[::1]/<b>", "10.0.0.1"],
  ["an address that is none, with nothing to believe", "", "203.0.113.9", ""],
];

for (const [name, remote, forwarded, expected] of CLIENTS) {
  Deno.test(`clientAddress: ${name}`, () => {
    const headers = new Headers(forwarded === null ? {} : { "x-forwarded-for": forwarded });
    assertEquals(clientAddress(remote, headers, networks(...PROXIES)), expected);
  });
}

const RANGES: readonly [network: string, inside: string, outside: string][] = [
  ["10.0.0.0/31", "10.0.0.1", "10.0.0.2"],
  ["10.0.0.0/32", "10.0.0.0", "10.0.0.1"],
  ["10.1.2.3/12", "10.15.0.0", "10.16.0.0"],
  ["0.0.0.0/0", "255.255.255.255", "2001:db8::1"],
  ["::/0", "10.0.0.0", ""],
  ["2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"],
  ["::ffff:10.0.0.0/104", "10.9.9.9", "11.0.0.0"],
  ["::1", "::1", "::2"],
];

for (const [network, inside, outside] of RANGES) {
  Deno.test(`parseNetwork: ${network} holds ${inside} and not "${outside}"`, () => {
    const headers = new Headers({ "x-forwarded-for": "203.0.113.9" });
    const believes = (remote: string) =>
      clientAddress(remote, headers, networks(network)) === "203.0.113.9";
    assertEquals([believes(inside), believes(outside)], [true, false]);
  });
}

const NO_NETWORKS = [
  "",
  "proxy",
  "10.0.0",
  "10.0.0.0.0",
  "256.0.0.0",
  "10.0.0.0/33",
  "10.0.0.0/",
  "10.0.0.0/-1",
  "10.0.0.0/8/8",
  "10.0.0.0:80",
  "::1/129",
  ":::1",
  "1:2:3:4:5:6:7",
  "12345::",
  "[::1]",
  "fe80::1%eth0",
  "::1]?[",
];

for (const text of NO_NETWORKS) {
  Deno.test(`parseNetwork: "${text}" is none`, () => {
    assertEquals(parseNetwork(text), undefined);
  });
}

const SCHEMES: readonly [
  name: string,
  url: string,
  remote: string,
  proto: string,
  https: boolean,
][] = [
  ["a direct https request", "https://h", "198.51.100.7", "", true],
  ["a direct http request", "http://h", "198.51.100.7", "", false],
  ["a client that claims https", "http://h", "198.51.100.7", "https", false],
  ["https at a trusted proxy", "http://h", "10.0.0.1", "https", true],
  ["an upgrade by https at a trusted proxy", "http://h", "10.0.0.1", "wss", true],
  ["capital letters", "http://h", "10.0.0.1", "HTTPS", true],
  ["http at a trusted proxy that speaks https itself", "https://h", "10.0.0.1", "http", false],
  ["a client that claims https to a proxy with http", "http://h", "10.0.0.1", "https, http", false],
  ["a word that begins like it", "http://h", "10.0.0.1", "httpsx", false],
];

for (const [name, url, remote, proto, https] of SCHEMES) {
  Deno.test(`readPeer: ${name} counts as ${https ? "https" : "http"}`, () => {
    const headers = proto === "" ? undefined : { "x-forwarded-proto": proto };
    assertEquals(
      readPeer(new Request(url, { headers }), remote, networks(...PROXIES)).https,
      https,
    );
  });
}

const BLOCKS: readonly [address: string, block: string][] = [
  ["198.51.100.7", "198.51.100.7"],
  ["::ffff:198.51.100.7", "198.51.100.7"],
  ["2001:db8:1:2:ffff:4:5:6", "2001:db8:1:2::/64"],
  ["::1", "::/64"],
  ["", ""],
];

for (const [address, block] of BLOCKS) {
  Deno.test(`readPeer: limits count "${address}" as "${block}"`, () => {
    assertEquals(readPeer(new Request("http://h"), address, []).block, block);
  });
}
