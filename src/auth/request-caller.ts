import type { IncomingMessage } from 'node:http';
import type { Caller } from '../domain/access.js';

const callers = new WeakMap<IncomingMessage, Caller>();

/** Remembers who sent a request. */
export function rememberCaller(request: IncomingMessage, caller: Caller): void {
  callers.set(request, caller);
}

/** Who sent a request that was let in. Throws where nobody was asked: a mistake in the server, never an anonymous caller. */
export function callerOf(request: IncomingMessage): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Error('callerOf is for handlers behind the AuthGuard that require a permission');
  return caller;
}
