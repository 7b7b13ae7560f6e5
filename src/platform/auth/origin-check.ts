import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../../config/network-formats.js';
import type { SecurityConfig } from '../../config/security-config.js';
import { Problem } from '../http/problem.js';

/**
 * Refuses calls from pages that have no business here; throws the problem that says so. A browser lets any page connect
 * a WebSocket anywhere, and names the page's origin; what is no browser names none.
 */
export class OriginCheck {
  constructor(private readonly config: SecurityConfig) {}

  /** To be asked of every upgrade. */
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
   * To be asked of every REST request. With tokens a page can do nothing that it has no token for; without, any page in a
   * browser on this machine could.
   */
  checkRequest(request: IncomingMessage): void {
    if (this.config.auth.mode === 'off') this.checkUpgrade(request);
  }

  /** A name that somebody else let point to this machine makes a foreign page look like its own. */
  private checkHost({ headers: { host } }: IncomingMessage): void {
    if (this.config.auth.mode !== 'off' || host === undefined) return;
    if (!isLoopback(host.replace(/:\d+$/, '')))
      throw new Problem('foreign_host', 'Without AUTH_MODE=jwt only this machine may call: use 127.0.0.1.');
  }
}

function isOwn(origin: string, { headers: { host } }: IncomingMessage): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
