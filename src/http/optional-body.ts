import type { Request } from 'express';
import { Problem } from '../platform/http/problem.js';

/** Refuses a body of a type that nobody parsed: a handler whose body is optional would take it for none. */
export function refuseUnparsedBody({ body, headers }: Pick<Request, 'body' | 'headers'>): void {
  const isSent = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (isSent && body === undefined)
    throw new Problem(
      'unsupported_media_type',
      'Send a JSON body, with "Content-Type: application/json", or none.',
    );
}
