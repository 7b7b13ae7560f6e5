import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** What an answer that is no page may load, and who may frame it: nothing, and nobody. */
export const STRICT_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Keeps an answer out of every cache: it may hold what only this caller may see. */
export const NO_STORE = 'no-store';

/** Of a host; its subdomains are not ours to decide about. */
const STRICT_TRANSPORT = { maxAge: 365 * 24 * 3_600, includeSubDomains: false };

/**
 * Sets the headers by which browsers do less with an answer than they would by themselves. To come before everything
 * that answers. Pages replace the Content-Security-Policy by one that they can live with.
 */
export function securityHeaders(isTls: boolean): RequestHandler {
  const others = helmet({
    contentSecurityPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    // For browsers that do not know frame-ancestors.
    xFrameOptions: { action: 'deny' },
    // Said over plain HTTP it would mean nothing (RFC 6797, section 7.2).
    strictTransportSecurity: isTls ? STRICT_TRANSPORT : false,
  });
  return (request, response, next) => {
    response.setHeader('Content-Security-Policy', STRICT_POLICY);
    others(request, response, next);
  };
}

/** Keeps what is answered from here on out of caches. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', NO_STORE);
  next();
};
