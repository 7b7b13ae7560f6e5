import { addressUse } from '../../lib/ip-address.js';

/** Names that resolve to this machine or its network by definition, with all names below them. */
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

/** Ports of services that an HTTP request could abuse: the "bad ports" of the Fetch standard. */
const BAD_PORTS = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

const UNLESS = 'or set allow_private: true for a receiver inside your network.';

/**
 * Why Pulsewatch must not send to a configured address: a sentence that names the fix and never repeats the address.
 * Undefined: the text of the address is allowed. Where a name leads is checked when it is resolved. `allowPrivate`
 * lifts every check except the form.
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
