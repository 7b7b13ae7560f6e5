import type { IncomingMessage } from 'node:http';
import type { Caller } from '../../domain/access/access.js';
import type { Admission } from './token-verifier.js';

const admissions = new WeakMap<IncomingMessage, Admission>();

/** Remembers who sent a request. */
export function rememberAdmission(request: IncomingMessage, admission: Admission): void {
  admissions.set(request, admission);
}

/**
 * Who sent a request that was let in, and until when. Throws where nobody was asked: a mistake in the server, never an
 * anonymous caller.
 */
export function admissionOf(request: IncomingMessage): Admission {
  const admission = admissions.get(request);
  if (!admission)
    throw new Error('admissionOf is for handlers behind the AuthGuard that require a permission');
  return admission;
}

/** Who sent a request that was let in. */
export function callerOf(request: IncomingMessage): Caller {
  return admissionOf(request).caller;
}
