import type { Config } from '../config/config.js';

/** Where messages lead: the live page as people reach it; undefined where it is not served, or its port is not known before. */
export function livePageLink({ publicUrl, host, port, security }: Config): string | undefined {
  if (publicUrl !== undefined) return publicUrl;
  if (!security.livePage || port === 0) return undefined;
  const authority = host.includes(':') ? `[${host}]` : host;
  return `${security.tls ? 'https' : 'http'}://${authority}:${port}/`;
}
