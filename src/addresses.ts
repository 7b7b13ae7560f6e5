import { ALERTS_PATH } from './delivery/alerts/alerts.gateway.js';
import type { Config } from './config/config.js';

/** What is to be had where, one line each, for whoever starts the server. Names only what it serves. */
export function describeAddresses(
  { host, security }: Pick<Config, 'host' | 'security'>,
  port: number,
): string[] {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const s = security.tls ? 's' : '';
  return [
    ...(security.livePage ? [`Live page  http${s}://${authority}/`] : []),
    ...(security.docs ? [`API docs   http${s}://${authority}/docs and /redoc`] : []),
    `WebSocket  ws${s}://${authority}${ALERTS_PATH}`,
  ];
}
