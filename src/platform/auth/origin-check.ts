import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../../config/network-formats.js';
import type { SecurityConfig } from '../../config/security-config.js';
import { Problem } from '../http/problem.js';

/**
 * Refuses calls from pages of origins that are not allowed, with a Problem. A browser lets any page connect a WebSocket
 * to any address and names the origin of the page. Clients that are no browsers send no origin.
 */
export class OriginCheck {
  constructor(private readonly config: SecurityConfig) {}

  /** Checks a WebSocket upgrade. Throws `foreign_host` or `foreign_origin`. */
  checkUpgrade(request: IncomingMessage): void {
    this.checkHost(request);
    const { origin } = request.headers;
    if (origin === undefined || this.config.allowedOrigins.includes(origin)) return;
    if (this.config.auth.mode === 'off' && isOwn(origin, request)) return;
    throw new Problem(
      'foreign_origin',
      'Add the origin of the page to ALLOWED_ORIGINS, exactly as the browser sends it.',
    );
  }

  /**
   * Checks a REST request. With authentication a page needs a token for everything; without it any page in a browser on
   * this machine could call.
   */
  checkRequest(request: IncomingMessage): void {
    if (this.config.auth.mode === 'off') this.checkUpgrade(request);
  }

  /** Refuses foreign host names: with DNS rebinding a foreign page would look like a page of this server. */
  private checkHost({ headers: { host } }: IncomingMessage): void {
    if (this.config.auth.mode !== 'off' || host === undefined) return;
    if (!isLoopback(host.replace(/:\d+$/, '')))
      throw new Problem('foreign_host', 'Without AUTH_MODE=jwt only this machine may call. Use 127.0.0.1.');
  }
}

function isOwn(origin: string, { headers: { host } }: IncomingMessage): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
