import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** The policy of a response that is no page: it loads nothing, and no page frames it. */
export const STRICT_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Keeps a response out of every cache: it can hold data that only this caller may see. */
export const NO_STORE = 'no-store';

/** One year, for this host only: the operator decides about its subdomains. */
const STRICT_TRANSPORT = { maxAge: 365 * 24 * 3_600, includeSubDomains: false };

/**
 * Sets the headers that restrict what browsers do with a response. Register it before every handler. Pages replace the
 * Content-Security-Policy with their own.
 */
export function securityHeaders(isTls: boolean): RequestHandler {
  const others = helmet({
    contentSecurityPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    // For browsers that do not know frame-ancestors.
    xFrameOptions: { action: 'deny' },
    // Over plain HTTP the header has no effect (RFC 6797, section 7.2).
    strictTransportSecurity: isTls ? STRICT_TRANSPORT : false,
  });
  return (request, response, next) => {
    response.setHeader('Content-Security-Policy', STRICT_POLICY);
    others(request, response, next);
  };
}

/** Keeps the responses of all later handlers out of caches. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', NO_STORE);
  next();
};
