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

/** Names that lead into this machine or its network by definition, with all below them. */
const INSIDE = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'home.arpa',
];

/** Ports on which no web server answers but something that could be talked into mischief ("bad ports" of Fetch). */
const BAD_PORTS = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

const UNLESS = 'or set allow_private: true for a receiver inside your network.';

/**
 * Why nothing may be sent to an address that somebody gave us, as a sentence that tells the fix and does not repeat the
 * address; undefined: nothing speaks against it as far as its text shows. Where a name leads is seen only when it is
 * resolved. `allowPrivate` lifts everything but the form.
 */
export function egressProblem(text: string, allowPrivate: boolean): string | undefined {
  const url = urlOf(text);
  if (url === undefined) return 'The address is not of the form https://host/path.';
  if (url.username !== '' || url.password !== '')
    return 'The address holds a user name or password. Leave them out; the receiver checks the signature instead.';
  if (allowPrivate) return undefined;
  if (url.protocol !== 'https:')
    return `The address is not https, so anyone on the way could read it. Use https, ${UNLESS}`;
  return hostProblem(url.hostname) ?? portProblem(url.port);
}

function hostProblem(hostname: string): string | undefined {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.+$/, '');
  const use = addressUse(host);
  if (use === 'public') return undefined;
  if (use !== undefined)
    return `The host is an address that is not public (${use}). Use a public one, ${UNLESS}`;
  if (!host.includes('.'))
    return `The host is a name without a dot, known only inside a network. Use the full name, ${UNLESS}`;
  const inside = INSIDE.find((name) => host === name || host.endsWith(`.${name}`));
  if (inside) return `The host is a name that leads into a network (${inside}). Use a public one, ${UNLESS}`;
  return undefined;
}

function portProblem(port: string): string | undefined {
  if (port === '' || !BAD_PORTS.has(Number(port))) return undefined;
  return `The port belongs to a service that is not the web, as browsers see it. Use another, ${UNLESS}`;
}

function urlOf(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
}
