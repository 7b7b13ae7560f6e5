import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import proxyAddr from 'proxy-addr';
import type { SecurityConfig } from '../../config/security-config.js';

/** Of an IPv6 address this much tells who it is: a household gets a /64. */
const IPV6_GROUPS = 4;

/** Tells from which address a request comes, with `X-Forwarded-For` believed of configured proxies only. */
export class ClientAddress {
  /** Whether an address is of a proxy that is believed; in the form that Express takes too. */
  readonly isTrusted: (address: string, hop: number) => boolean;

  constructor({ trustedProxies }: SecurityConfig) {
    this.isTrusted = proxyAddr.compile([...trustedProxies]);
  }

  /** The address, as text. */
  of(request: IncomingMessage): string {
    return proxyAddr(request, this.isTrusted);
  }

  /** What is counted as one when calls are limited: an IPv4 address, or the network of an IPv6 address. */
  networkOf(request: IncomingMessage): string {
    const address = this.of(request);
    if (!isIPv6(address)) return address;
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
    return mapped ?? networkOfIpv6(address);
  }
}

function networkOfIpv6(address: string): string {
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const groups = [...first, ...Array.from({ length: missing }, () => '0'), ...last];
  return `${groups.slice(0, IPV6_GROUPS).join(':')}::/64`;
}
