/** True for what an aborted signal throws, also when an event's publisher got it from its listeners. */
export function isAbort(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isAbort);
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError';
}
