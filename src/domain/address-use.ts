/** An address as a number, and how many bits it has. */
interface Bits {
  readonly value: bigint;
  readonly size: 32 | 128;
}

/**
 * What is set apart (IANA special-purpose registries), and the one public address that is a cloud's own service. The
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

/** All that IPv6 has given out for the public. */
const GLOBAL_UNICAST = subnet('2000::/3');

const TABLE = SET_APART.map(([text, use]) => ({ ...subnet(text), use }));

/**
 * What an IP address is for: `public`, or what it is set apart for. Undefined: the text is no address in its usual
 * form (`10.0.0.1`, `fe80::1`, `::ffff:10.0.0.1`).
 */
export function addressUse(text: string): string | undefined {
  const address = bitsOf(text);
  if (address === undefined) return undefined;
  const special = TABLE.find((range) => contains(range, address));
  if (special) return special.use;
  return address.size === 32 || contains(GLOBAL_UNICAST, address) ? 'public' : 'reserved';
}

interface Range extends Bits {
  readonly prefix: number;
}

function contains({ value, size, prefix }: Range, address: Bits): boolean {
  const rest = BigInt(size - prefix);
  return size === address.size && value >> rest === address.value >> rest;
}

function subnet(text: string): Range {
  const [address = '', prefix] = text.split('/');
  const bits = bitsOf(address);
  if (bits === undefined) throw new Error(`${text} is no subnet.`);
  return { ...bits, prefix: Number(prefix) };
}

function bitsOf(text: string): Bits | undefined {
  const v4 = v4Of(text);
  if (v4 !== undefined) return { value: v4, size: 32 };
  const value = v6Of(text.replace(/%.*$/s, ''));
  return value === undefined ? undefined : { value, size: 128 };
}

function v4Of(text: string): bigint | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte < 256) ? joined(bytes, 8n) : undefined;
}

function v6Of(text: string): bigint | undefined {
  const [, head = '', last = ''] = /^(.*:)([^:]*)$/s.exec(text) ?? [];
  const v4 = v4Of(last);
  const groups =
    v4 === undefined ? text : `${head}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`;
  const [left = '', right, ...more] = groups.split('::');
  if (more.length > 0) return undefined;
  const before = left === '' ? [] : left.split(':');
  const after = right === undefined || right === '' ? [] : right.split(':');
  const missing = 8 - before.length - after.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  if (!all.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return joined(
    all.map((group) => Number.parseInt(group, 16)),
    16n,
  );
}

function joined(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((sum, part) => (sum << bits) | BigInt(part), 0n);
}
