/** True for the error of an aborted signal, also where the publisher of an event collected it from listeners. */
export function isAbort(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isAbort);
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError';
}
