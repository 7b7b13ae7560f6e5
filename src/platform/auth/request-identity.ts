import type { IncomingMessage } from 'node:http';
import type { Caller } from '../../domain/access/access.js';
import type { Admission } from './token-verifier.js';

const admissions = new WeakMap<IncomingMessage, Admission>();

/** Attaches the admission to a request. */
export function rememberAdmission(request: IncomingMessage, admission: Admission): void {
  admissions.set(request, admission);
}

/**
 * The admission of a request. Throws an Error where the guard admitted no caller: that is a defect of the server, never
 * an anonymous caller.
 */
export function admissionOf(request: IncomingMessage): Admission {
  const admission = admissions.get(request);
  if (!admission)
    throw new Error('admissionOf is for handlers behind the AuthGuard that require a permission');
  return admission;
}

/** The caller of an admitted request. */
export function callerOf(request: IncomingMessage): Caller {
  return admissionOf(request).caller;
}
