import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import proxyAddr from 'proxy-addr';
import type { SecurityConfig } from '../../config/security-config.js';

/** Groups of 16 bits that identify an IPv6 client: a household has a /64. */
const IPV6_GROUPS = 4;

/** Determines the address that a request comes from. `X-Forwarded-For` counts only from configured proxies. */
export class ClientAddress {
  /** Whether an address is that of a trusted proxy. Express takes the same function as `trust proxy`. */
  readonly isTrusted: (address: string, hop: number) => boolean;

  constructor({ trustedProxies }: SecurityConfig) {
    this.isTrusted = proxyAddr.compile([...trustedProxies]);
  }

  /** The address as text. A trusted proxy can pass on text that is no address. */
  of(request: IncomingMessage): string {
    return proxyAddr(request, this.isTrusted);
  }

  /** The unit that limits apply to: an IPv4 address, or the /64 network of an IPv6 address. */
  networkOf(request: IncomingMessage): string {
    return networkOfAddress(this.of(request));
  }
}

/**
 * The network of an address: one text for all spellings of an IPv6 address, the IPv4 address of an IPv4-mapped one, and
 * any other text as it is.
 */
export function networkOfAddress(text: string): string {
  if (!ipaddr.IPv6.isValid(text)) return text;
  const address = ipaddr.process(text);
  if (!(address instanceof ipaddr.IPv6)) return address.toString();
  const groups = address.parts.slice(0, IPV6_GROUPS).map((group) => group.toString(16));
  return `${groups.join(':')}::/64`;
}
