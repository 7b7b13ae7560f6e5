import type { Request } from 'express';

/**
 * Whose idempotency keys a request uses: two callers may choose the same key. All callers are one as long as nobody says
 * who they are; an address is no identity, since many share one and one caller has many.
 */
export function callerScopeOf(_request: Request): string {
  return 'anonymous';
}
