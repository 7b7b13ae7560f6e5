import { BlockList, isIP, SocketAddress } from 'node:net';

/**
 * Ranges set apart by the IANA special-purpose registries, and one public address that is a cloud's own service. The
 * first match counts.
 */
const SET_APART: readonly (readonly [subnet: string, use: string])[] = [
  ['0.0.0.0/8', 'unspecified'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'private to a carrier'],
  ['127.0.0.0/8', 'loopback'],
  ['168.63.129.16/32', 'cloud metadata'], // Azure
  ['169.254.0.0/16', 'link-local'], // and the metadata of most clouds
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved'],
  ['192.0.2.0/24', 'documentation'],
  ['192.31.196.0/24', 'reserved'], // AS112
  ['192.52.193.0/24', 'reserved'], // AMT
  ['192.88.99.0/24', 'reserved'], // relays of 6to4
  ['192.168.0.0/16', 'private'],
  ['192.175.48.0/24', 'reserved'], // AS112
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['::/96', 'translated'], // IPv4-compatible
  ['::ffff:0:0/96', 'translated'], // IPv4-mapped
  ['::ffff:0:0:0/96', 'translated'],
  ['64:ff9b::/96', 'translated'], // NAT64 may lead to any private IPv4 address
  ['64:ff9b:1::/48', 'translated'],
  ['2002::/16', 'translated'], // 6to4
  ['2001::/32', 'translated'], // Teredo
  ['2001::/23', 'reserved'],
  ['2001:db8::/32', 'documentation'],
  ['3fff::/20', 'documentation'],
  ['2620:4f:8000::/48', 'reserved'], // AS112
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'private'],
  ['ff00::/8', 'multicast'],
];

/** The part of IPv6 that IANA has allocated for the public. */
const GLOBAL_UNICAST = rangeOf('2000::/3');

const RANGES = SET_APART.map(([subnet, use]) => ({ contains: rangeOf(subnet), use }));

/**
 * The use of an IP address: `public`, or what its range is set apart for. A zone (`%eth0`) does not matter, and an
 * IPv4-mapped address counts as IPv6. Undefined: the text is not an address in its usual form (`10.0.0.1`, `fe80::1`,
 * `::ffff:10.0.0.1`).
 */
export function addressUse(text: string): string | undefined {
  const bare = text.includes(':') ? text.replace(/%.*$/s, '') : text;
  const version = isIP(bare);
  if (version === 0) return undefined;
  const address = new SocketAddress({ address: bare, family: familyOf(version) });
  const use = RANGES.find(({ contains }) => contains(address))?.use;
  if (use !== undefined) return use;
  return version === 4 || GLOBAL_UNICAST(address) ? 'public' : 'reserved';
}

function rangeOf(subnet: string): (address: SocketAddress) => boolean {
  const [network = '', prefix] = subnet.split('/');
  const family = familyOf(isIP(network));
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family);
  // A list of IPv4 ranges holds IPv4-mapped addresses too; here those are IPv6 addresses.
  return (address) => address.family === family && list.check(address);
}

function familyOf(version: number): 'ipv4' | 'ipv6' {
  return version === 4 ? 'ipv4' : 'ipv6';
}
