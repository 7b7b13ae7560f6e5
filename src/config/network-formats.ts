import { BlockList, isIP } from 'node:net';
import proxyAddr from 'proxy-addr';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine reaches a host: an address, perhaps in brackets, or `localhost`. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (bare === 'localhost') return true;
  const version = isIP(bare);
  return version !== 0 && loopback.check(bare, version === 4 ? 'ipv4' : 'ipv6');
}

/** Whether a text is an origin as browsers send it: scheme, host and port if it is not the usual one, and nothing else. */
export function isOrigin(text: string): boolean {
  try {
    const { origin, protocol } = new URL(text);
    return origin === text && (protocol === 'https:' || protocol === 'http:');
  } catch {
    return false;
  }
}

/** Whether a text is an address, or a subnet as `10.0.0.0/8`, that the reader of forwarded addresses takes. */
export function isAddressOrSubnet(text: string): boolean {
  if (!/^[\da-f:.]+(%\w+)?(\/\d{1,3})?$/i.test(text)) return false;
  try {
    proxyAddr.compile(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a text is an address of the web, `http://…` or `https://…`, with a host in it. */
export function isWebAddress(text: string): boolean {
  if (!/^https?:\/\/[^\s<>]+$/i.test(text) || !URL.canParse(text)) return false;
  return new URL(text).hostname.split('.').every((label) => label !== '');
}

/** Whether a text is an address of Redis, whose user name and password can be decoded. */
export function isRedisAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, username, password } = new URL(text);
  const isAddress = /^rediss?:$/.test(protocol) && hostname !== '' && /^(\/\d{0,3})?$/.test(pathname);
  return isAddress && [username, password].every(isEncoded);
}

/** Whether every % begins the code of a character. */
function isEncoded(text: string): boolean {
  return /^([^%]|%[\da-f]{2})*$/i.test(text);
}

/** The items of a list that is separated by commas. */
export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
